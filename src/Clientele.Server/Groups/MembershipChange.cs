using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Groups;

internal enum MembershipChange
{
    Add,
    Remove,
    Reset,
}
