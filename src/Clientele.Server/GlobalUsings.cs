// What most files use: the wire records, the ground, and what it is built with.
global using System.Globalization;
global using Clientele.Client;
global using Clientele.Server.Data;
global using Clientele.Server.Http;
global using Microsoft.AspNetCore.Http.HttpResults;
global using Microsoft.EntityFrameworkCore;
global using Microsoft.Extensions.Options;

// The SDK's class of this name builds rules; here a rule is one that was read.
global using Rule = Clientele.Server.Rules.Rule;
