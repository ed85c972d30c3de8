using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Promotes and demotes admins, and removes the second factors of people who lost theirs. This is possible only on the command line.</summary>
internal sealed class Superusers(
    ClienteleDb db, CustomerWrites writes, AuditTrail audit, Outbox outbox, Registration registration, Passwords passwords, Factors factors,
    IOptions<PasswordPolicy> policy)
{
    /// <summary>
    /// Creates an admin, or promotes the account with that username, sets its password and tells its owner by mail. Anybody can have registered that
    /// username, so a customer is promoted only if the e-mail is named, too, and loses what else could open the account. Returns errors to show in the
    /// terminal.
    /// </summary>
    public async Task<IReadOnlyList<string>> CreateAsync(string username, string? email, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is { } existing)
        {
            return await PromoteAsync(existing, email, password, cancellationToken);
        }

        var request = new RegisterRequest { Username = username, Email = email ?? "", Password = password, Password2 = password };
        return Messages((await registration.RegisterAsync(request, new Errors(), staff: true, cancellationToken)).Result);
    }

    public async Task<IReadOnlyList<string>> DemoteAsync(string username, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is not { } id)
        {
            return [$"There is no account with the username {username}."];
        }

        var notAdmin = Problems.Invalid("username", $"{username} is not an admin.");
        var result = await writes.RunAsync<NoContent>(
            new(id) { Missing = notAdmin },
            async customer =>
            {
                if (!customer.IsStaff)
                {
                    return notAdmin;
                }

                if (customer.IsActive && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
                {
                    return Problems.LastAdmin();
                }

                customer.IsStaff = false;
                writes.Record(customer, AuditAction.AccountDemoted);
                await PasswordChange.EndSessionsAsync(db, id, cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);
        return Messages(result.Result);
    }

    /// <summary>Removes the second factors of somebody who has lost them, and ends the sessions. The password stays.</summary>
    public async Task<IReadOnlyList<string>> ResetFactorsAsync(string username, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is not { } id)
        {
            return [$"There is no account with the username {username}."];
        }

        var result = await writes.RunAsync<NoContent>(
            new(id),
            async owner =>
            {
                if (!await factors.RemoveAllAsync(owner, cancellationToken))
                {
                    return Problems.Invalid("username", $"{username} has no second factor.");
                }

                await PasswordChange.EndSessionsAsync(db, id, cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);
        return Messages(result.Result);
    }

    public async Task<bool> IsAdminAsync(string username, CancellationToken cancellationToken) =>
        await FindAsync(username, cancellationToken) is { } id && await db.Customers.AnyAsync(c => c.Id == id && c.IsStaff, cancellationToken);

    public Task<long?> FindAsync(string username, CancellationToken cancellationToken) => LoginNames.FindAsync(db, username, cancellationToken);

    private async Task<IReadOnlyList<string>> PromoteAsync(long id, string? email, string password, CancellationToken cancellationToken)
    {
        var owner = await db.Customers.SingleAsync(c => c.Id == id, cancellationToken);
        var errors = new Errors();
        errors.Require(
            string.IsNullOrEmpty(email) ? owner.IsStaff : AccountNames.Key(email) == owner.EmailKey,
            "email",
            $"There is an account {owner.Username} already, with the e-mail {owner.Email}. Name that e-mail to make it an admin, or choose another username.");
        string?[] context = [owner.Username, owner.Email, owner.FirstName, owner.LastName];
        PasswordChange.Check(password, password, "password", "password2", staff: true, context, policy.Value, errors);
        if (errors.Any)
        {
            return Messages(Problems.Invalid(errors));
        }

        var hash = await passwords.HashAsync(password, cancellationToken);
        var result = await writes.RunAsync<NoContent>(
            new(id),
            async customer =>
            {
                if (!customer.IsStaff || !customer.IsActive)
                {
                    await Counter.AddAdminAsync(db, cancellationToken);
                }

                await (customer.IsStaff ? Task.CompletedTask : CloseOtherWaysInAsync(customer, cancellationToken));
                (customer.IsStaff, customer.IsActive) = (true, true);
                audit.Record(id, AuditAction.AccountPromoted, AuditTrail.Resource("customer", id), customer);
                writes.IncreaseVersion(customer);
                var version = await db.Accounts.Where(a => a.CustomerId == id).Select(a => a.SecurityVersion).SingleAsync(cancellationToken);
                await PasswordChange.SetAsync(db, id, version, hash, cancellationToken);
                await outbox.NotifyAsync(customer, Template.PasswordChanged, [], cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);
        return Messages(result.Result);
    }

    /// <summary>Removes what would open the account beside the new password.</summary>
    private async Task CloseOtherWaysInAsync(Customer customer, CancellationToken cancellationToken)
    {
        await factors.RemoveAllAsync(customer, cancellationToken);
        await db.EmailUndos.Where(u => u.CustomerId == customer.Id).ExecuteDeleteAsync(cancellationToken);
        customer.PendingEmail = null;
    }

    /// <summary>The errors of a result; none if it is a success.</summary>
    private static List<string> Messages(IResult result) => result switch
    {
        Problem { Errors: { } errors } =>
            [.. errors.Where(error => error.Key != "password2").Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")],
        Problem problem => [problem.Detail],
        _ => [],
    };
}
