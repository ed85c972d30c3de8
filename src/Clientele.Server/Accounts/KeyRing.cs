using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Clientele.Server.Accounts;

/// <summary>
/// Data protection's key ring in the database, so that all nodes share it, unless <c>Keys:Directory</c> is set and the ring is stored there. The
/// framework reads and writes it. The columns are those of earlier releases, so that old and new nodes find each other's keys during an upgrade.
/// </summary>
[Table("data_protection_keys", TableClass.Local)]
internal sealed partial class KeyRing : IEntityTypeConfiguration<DataProtectionKey>
{
    /// <summary>An unencrypted key ring next to the data it protects is no protection. Logs a warning once at start.</summary>
    public static void WarnIfUnencrypted(IServiceProvider services)
    {
        var ring = services.GetRequiredService<IOptions<KeyManagementOptions>>().Value;
        if (ring is { XmlRepository: EntityFrameworkCoreXmlRepository<ClienteleDb>, XmlEncryptor: null })
        {
            Log.Unencrypted(services.GetRequiredService<ILogger<KeyRing>>());
        }
    }

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        // The name contains the key's own id and is unique. So the number that the database would have to generate is not needed.
        builder.HasKey(k => k.FriendlyName);
        builder.Property(k => k.FriendlyName).HasColumnName("id");
        builder.Property(k => k.Xml).IsRequired();
        builder.Ignore(k => k.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The key ring is in the database, unencrypted: anybody with a copy of the database can sign admin tokens. "
                + "Set Keys:Certificate to encrypt it, or Keys:Directory to store it elsewhere.")]
        public static partial void Unencrypted(ILogger logger);
    }
}
