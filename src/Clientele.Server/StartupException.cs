using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Http;
using Clientele.Server.Operations;
using Npgsql;
using Spectre.Console;

namespace Clientele.Server;

/// <summary>A reason not to start, to show to the user.</summary>
internal sealed class StartupException(IReadOnlyList<string> reasons) : Exception(string.Join(' ', reasons))
{
    public StartupException(string reason)
        : this([reason])
    {
    }

    public IReadOnlyList<string> Reasons => reasons;
}
