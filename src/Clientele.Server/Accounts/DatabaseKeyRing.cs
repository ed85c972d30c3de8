using System.Xml.Linq;
using Clientele.Server.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Accounts;

/// <summary>Data protection's key ring in the database, so that all nodes share it.</summary>
internal sealed partial class DatabaseKeyRing(IServiceScopeFactory scopes) : IXmlRepository
{
    /// <summary>An unencrypted key ring next to the data it protects is no protection. Logs a warning once at start.</summary>
    public static void WarnIfUnencrypted(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<KeyManagementOptions>>().Value is { XmlRepository: DatabaseKeyRing, XmlEncryptor: null })
        {
            Log.Unencrypted(services.GetRequiredService<ILogger<DatabaseKeyRing>>());
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<ClienteleDb>().DataProtectionKeys.ToList().Select(key => XElement.Parse(key.Xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        db.Add(new DataProtectionKey { Id = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The key ring is in the database, unencrypted: anybody with a copy of the database can sign admin tokens. Set Keys:Directory to store it elsewhere.")]
        public static partial void Unencrypted(ILogger logger);
    }
}
