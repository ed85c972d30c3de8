using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Accounts;

/// <summary>An element of data protection's key ring, unless <c>Keys:Directory</c> is set and the ring is stored there.</summary>
[Table("data_protection_keys", TableClass.Local)]
internal sealed class DataProtectionKey
{
    public required string Id { get; init; }

    public required string Xml { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.HasKey(k => k.Id);
    }
}
