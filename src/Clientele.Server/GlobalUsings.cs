// What most files use: the wire records, the ground, the customer, and what they are built with.
global using System.ComponentModel.DataAnnotations;
global using System.Globalization;
global using System.Linq.Expressions;
global using System.Security.Cryptography;
global using System.Text;
global using System.Text.Json;
global using Clientele.Client;
global using Clientele.Server.Customers;
global using Clientele.Server.Data;
global using Clientele.Server.Http;
global using Microsoft.AspNetCore.Http.HttpResults;
global using Microsoft.EntityFrameworkCore;
global using Microsoft.EntityFrameworkCore.Metadata.Builders;
global using Microsoft.Extensions.Options;
