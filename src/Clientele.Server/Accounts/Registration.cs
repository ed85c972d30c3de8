using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Creates an account and its customer.</summary>
internal sealed class Registration(
    ClienteleDb db,
    RequestTransaction transaction,
    AuditTrail audit,
    IdBlocks ids,
    Passwords passwords,
    Throttles throttles,
    TierLadder tiers,
    VerificationMails mails,
    TimeProvider clock,
    IOptions<Store> store,
    IOptions<AccountSettings> settings,
    IOptions<PasswordPolicy> policy)
{
    public const string Taken = "This name is already taken.";

    public async Task<Results<Resource<CustomerResponse>, Problem>> RegisterAsync(
        RegisterRequest request, Errors errors, bool staff, CancellationToken cancellationToken)
    {
        Check(request, staff, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        using var place = passwords.TryEnter();
        if (place is null)
        {
            return Passwords.Busy();
        }

        if (await place.PrepareAsync(() => RefuseAsync(request, staff, cancellationToken), cancellationToken) is { } refused)
        {
            return refused;
        }

        var hash = await place.HashAsync(request.Password, cancellationToken);
        return await transaction.RunAsync(() => CreateAsync(request, hash, staff, cancellationToken), cancellationToken);
    }

    /// <summary>Checks the rate limit and the names before computing the expensive hash. The insert afterwards decides who gets the names.</summary>
    private async Task<Problem?> RefuseAsync(RegisterRequest request, bool staff, CancellationToken cancellationToken) =>
        (staff ? null : await throttles.TryRegisterAsync(cancellationToken)) ?? await TakenAsync(request, cancellationToken);

    private void Check(RegisterRequest request, bool staff, Errors errors)
    {
        request.Username = TextFolding.Normalise(request.Username.Trim(), NormalizationForm.FormC);
        var profile = new ProfileFields(request.Email, request.Phone, request.PreferredLanguage, request.PreferredCurrency, request.DateOfBirth)
            .Check(errors, clock.Now(), store.Value.Region);
        (request.Email, request.Phone, request.PreferredLanguage, request.PreferredCurrency) =
            (profile.Email, profile.Phone, profile.Language, profile.Currency);
        if (!errors.Has("username") && !AccountNames.IsUsername(request.Username))
        {
            errors.Add("username", "Use only letters, digits and @ . + - _.");
        }
        else if (request.Username.Contains('@', StringComparison.Ordinal) && AccountNames.Key(request.Username) != AccountNames.Key(request.Email))
        {
            errors.Add("username", "A username with an @ must be the account's own e-mail.");
        }

        string?[] context = [request.Username, request.Email, request.FirstName, request.LastName];
        PasswordChange.Check(request.Password, request.Password2, "password", "password2", staff, context, policy.Value, errors);
    }

    private async Task<Results<Resource<CustomerResponse>, Problem>> CreateAsync(
        RegisterRequest request, string hash, bool staff, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var customer = New(await ids.NextAsync(IdBlocks.Customers, cancellationToken), request, staff, now);
        var names = Names(request);
        if (await LoginNames.ClaimAsync(db, names, customer.Id, cancellationToken) < names.Length)
        {
            // The names claimed above do not count: they are rolled back, and the response must be the same as for a later caller.
            return await TakenAsync(request, cancellationToken, exceptBy: customer.Id) ?? Problems.Invalid("username", Taken);
        }

        db.Add(customer);
        db.Add(new CustomerUuid { Uuid = customer.Uuid, CustomerId = customer.Id });
        tiers.Register(customer, now);
        var account = new Account { CustomerId = customer.Id, PasswordHash = hash };
        db.Add(account);
        if (staff)
        {
            // Before the other counter, as in an erasure.
            await Counter.AddAdminAsync(db, cancellationToken);
        }

        await Counter.AddAsync(db, Counter.CustomersName, customer.Id, 1, cancellationToken);
        audit.Record(customer.Id, AuditAction.CustomerRegistered, AuditTrail.Resource("customer", customer.Id), customer, first: true);
        if (!staff && settings.Value.SendVerification)
        {
            var subject = new ProofSubject(customer.Id, account.SecurityVersion, ProofPurpose.VerifyEmail, customer.Email);
            await mails.SendAsync(customer, subject, cancellationToken, isFirst: true);
        }

        return new Resource<CustomerResponse>(customer.ToResponse([], [], []), customer.Version) { Location = CustomersEndpoints.Location(customer.Id) };
    }

    private Customer New(long id, RegisterRequest request, bool staff, DateTime now)
    {
        var customer = new Customer
        {
            Id = id,
            LoyaltyTier = tiers.Lowest,
            Username = request.Username,
            Email = request.Email,
            FirstName = request.FirstName,
            LastName = request.LastName,
            Phone = request.Phone,
            AcceptsMarketingEmail = request.AcceptsMarketingEmail,
            AcceptsMarketingSms = request.AcceptsMarketingSms,
            PreferredLanguage = request.PreferredLanguage,
            PreferredCurrency = request.PreferredCurrency,
            DateOfBirth = request.DateOfBirth,
            Gender = request.Gender is { Length: > 0 } ? request.Gender : null,
            Source = request.Source is { Length: > 0 } ? request.Source : null,
            IsStaff = staff,
            IsVerified = staff,
            DateJoined = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        customer.DeriveKeys();
        return customer;
    }

    private static string[] Names(RegisterRequest request) => LoginNames.Of(request.Username, request.Email);

    private async Task<Problem?> TakenAsync(RegisterRequest request, CancellationToken cancellationToken, long exceptBy = 0)
    {
        var names = Names(request);
        var taken = await db.LoginNames.Where(n => names.Contains(n.Name) && n.CustomerId != exceptBy).Select(n => n.Name).ToListAsync(cancellationToken);
        var errors = new Errors();
        if (taken.Contains(AccountNames.Key(request.Username)))
        {
            errors.Add("username", Taken);
        }

        if (taken.Contains(AccountNames.Key(request.Email)))
        {
            errors.Add("email", Taken);
        }

        return errors.Any ? Problems.Invalid(errors) : null;
    }
}
