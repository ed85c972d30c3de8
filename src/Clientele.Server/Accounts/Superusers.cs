using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Accounts;

/// <summary>Promotes and demotes admins. This is possible only on the command line: no endpoint writes is_staff.</summary>
internal sealed class Superusers(ClienteleDb db, UnitOfWork unit, Registration registration, Passwords passwords, TimeProvider clock, IOptions<PasswordPolicy> policy)
{
    /// <summary>Creates an admin, or promotes the account with that username and sets its password. Returns errors to show in the terminal.</summary>
    public async Task<IReadOnlyList<string>> CreateAsync(string username, string? email, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is { } existing)
        {
            return await PromoteAsync(existing, password, cancellationToken);
        }

        var request = new RegisterRequest { Username = username, Email = email ?? "", Password = password, Password2 = password };
        var outcome = await registration.RegisterAsync(request, new Errors(), staff: true, cancellationToken);
        return outcome.Problem is { } problem ? Messages(problem) : [];
    }

    public async Task<IReadOnlyList<string>> DemoteAsync(string username, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is not { } id)
        {
            return [$"There is no account with the username {username}."];
        }

        var result = await unit.RunAsync<Results<NoContent, Problem>>(
            async () =>
            {
                if (await db.LockAsync<Customer>(id, cancellationToken, unit.Audit.Head(id)) is not { IsStaff: true } customer)
                {
                    return Problems.Invalid("username", $"{username} is not an admin.");
                }

                if (customer.IsActive && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
                {
                    return Problems.LastAdmin();
                }

                customer.IsStaff = false;
                unit.Audit.Record(id, "account.demoted", AuditTrail.Resource("customer", id), customer);
                customer.Version++;
                customer.UpdatedAt = clock.Now();
                await PasswordChange.EndSessionsAsync(db, id, cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);
        return result.Result is Problem failed ? Messages(failed) : [];
    }

    public async Task<long?> FindAsync(string username, CancellationToken cancellationToken)
    {
        var key = TextFolding.NameKey(username);
        return await db.LoginNames.Where(n => n.Name == key).Select(n => (long?)n.CustomerId).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> PromoteAsync(long id, string password, CancellationToken cancellationToken)
    {
        var owner = await db.Customers.SingleAsync(c => c.Id == id, cancellationToken);
        var errors = new Errors();
        PasswordChange.Check(password, password, "password", "password2", staff: true, [owner.Username, owner.Email, owner.FirstName, owner.LastName], policy.Value, errors);
        if (errors.Any)
        {
            return Messages(Problems.Invalid(errors));
        }

        var hash = await passwords.HashAsync(password, cancellationToken);
        var result = await unit.RunAsync<Results<NoContent, Problem>>(
            async () =>
            {
                if (await db.LockAsync<Customer>(id, cancellationToken, unit.Audit.Head(id)) is not { } customer)
                {
                    return Problems.NotFound();
                }

                if (!customer.IsStaff || !customer.IsActive)
                {
                    await Counter.AddAdminAsync(db, cancellationToken);
                }

                (customer.IsStaff, customer.IsActive) = (true, true);
                unit.Audit.Record(id, "account.promoted", AuditTrail.Resource("customer", id), customer);
                customer.Version++;
                customer.UpdatedAt = clock.Now();
                var version = await db.Accounts.Where(a => a.CustomerId == id).Select(a => a.SecurityVersion).SingleAsync(cancellationToken);
                await PasswordChange.SetAsync(db, id, version, hash, cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);
        return result.Result is Problem problem ? Messages(problem) : [];
    }

    private static List<string> Messages(Problem problem) => problem.Errors is { } errors
        ? [.. errors.Where(error => error.Key != "password2").SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))]
        : [problem.Detail];
}
