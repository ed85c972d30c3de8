using System.Security.Cryptography;
using System.Text.Json;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Analytics;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Clientele.Server.Operations;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Accounts;

/// <summary>
/// The folder for data protection's key ring, if it is not in the database. If the ring is stored apart from the data (in a folder that all
/// nodes share), a stolen copy of the database is useless for forging tokens.
/// </summary>
internal static class KeyDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static DirectoryInfo? Of(IConfiguration configuration) =>
        configuration["Keys:Directory"] is { Length: > 0 } named ? new DirectoryInfo(named) : null;

    public static void Restrict(IConfiguration configuration)
    {
        if (Of(configuration) is not { Exists: true } directory || OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(directory.FullName, OwnerOnly | UnixFileMode.UserExecute);
        foreach (var key in directory.EnumerateFiles())
        {
            File.SetUnixFileMode(key.FullName, OwnerOnly);
        }
    }
}
