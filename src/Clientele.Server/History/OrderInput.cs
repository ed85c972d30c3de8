namespace Clientele.Server.History;

/// <summary>An order that has passed all checks that need no database.</summary>
/// <param name="HasPossibleDate">Whether a new order can have been placed then. Another date stays right for an order that is stored with it.</param>
internal sealed record OrderInput(
    string Number, CustomerReference? Customer, string Status, string Currency, decimal Rate, long Total, long Refunded, DateTime PlacedAt,
    long Revision, IReadOnlyList<OrderLine> Lines, bool HasPossibleDate = true)
{
    /// <summary>What the ids of other systems may be. A segment of a path cannot be a dot or two: clients and servers remove them.</summary>
    public const string IdRule = "Must have 1 to 100 characters, without control characters, and may not be . or ..";

    public const string CurrencyRule = "Must be an ISO 4217 code, such as USD.";

    public const string DateRule = "Must be 1990 or later, and at most 24 hours ahead.";

    private const int LongestId = 100;
    private static readonly DateTime Earliest = new(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan MostAhead = TimeSpan.FromHours(24);
    private const decimal MostAmount = 1_000_000_000_000m;

    /// <summary>The total less refunds in minor units of the store's currency: multiplied exactly, rounded once, half to even.</summary>
    public long Net => ToStoreCurrency(Total - Refunded, Rate);

    /// <summary>Whether the currency is known. One that was withdrawn stays right for an order that is stored with it: the stored order decides.</summary>
    public bool HasKnownCurrency => Currencies.TryNormalise(Currency, out _);

    /// <summary>Whether the order counts: not pending, not cancelled, not fully refunded.</summary>
    public bool Counts => IsCounting(Status, Total, Refunded);

    /// <summary>Returns null and adds errors if something is wrong.</summary>
    public static OrderInput? From(string number, OrderRequest request, string storeCurrency, DateTime now, Errors errors)
    {
        if (!IsId(number))
        {
            errors.Add("order_number", IdRule);
        }

        // An unknown currency is never the store's, so a request without a rate is wrong even if the order is stored with that currency.
        var isKnown = Currencies.TryNormalise(request.Currency ?? storeCurrency, out var currency);
        if (!isKnown && request.ExchangeRate is null && !errors.Has("currency"))
        {
            errors.Add("currency", CurrencyRule);
        }

        var rate = request.ExchangeRate ?? 1;
        if (request.ExchangeRate is null && isKnown && currency != storeCurrency && !errors.Has("exchange_rate"))
        {
            errors.Add("exchange_rate", $"Is required if the currency is not the store's ({storeCurrency}): the value of one {currency} in {storeCurrency}.");
        }
        else if (!IsRate(rate))
        {
            errors.Add("exchange_rate", $"Must be more than 0 and at most {Rates.Highest:0}.");
        }
        else if (currency == storeCurrency && rate != 1)
        {
            errors.Add("exchange_rate", $"Must be 1 in the store's own currency ({storeCurrency}).");
        }

        CheckAmounts(request, rate, errors);
        CheckLines(request.Lines, rate, errors);
        var refunded = request.Status == "refunded" ? request.Total : request.Refunded;
        return errors.Any ? null : new OrderInput(
            number, request.Customer, request.Status, currency, rate, ToMinorUnits(request.Total!.Value), ToMinorUnits(refunded!.Value),
            request.PlacedAt!.Value, request.Revision!.Value, request.Lines, IsPossible(request.PlacedAt.Value, now));
    }

    public static long ToStoreCurrency(long minor, decimal rate) => (long)Math.Round(minor * rate, MidpointRounding.ToEven);

    public static bool IsCounting(string status, long total, long refunded) =>
        status is not ("pending" or "cancelled" or "refunded") && (refunded == 0 || refunded < total);

    public static long ToMinorUnits(decimal amount) => (long)(amount * 100);

    public static bool IsId(string text) =>
        !VisibleText.IsBlank(text) && VisibleText.Length(text) <= LongestId && text is not ("." or "..")
            && !text.Any(char.IsControl) && WireText.Complaint(text) is null;

    private static bool IsPossible(DateTime placedAt, DateTime now) => placedAt >= Earliest && placedAt - now <= MostAhead;

    private static bool IsRate(decimal rate) => rate is > 0 and <= Rates.Highest;

    private static void CheckAmounts(OrderRequest request, decimal rate, Errors errors)
    {
        if (request.Total is < 0 || request.Total > MostAmount || (IsRate(rate) && request.Total * rate > MostAmount))
        {
            errors.Add("total", "Must not be negative, nor more than 1000000000000.00 in the store's currency.");
        }

        if (request.Refunded < 0 || request.Refunded > request.Total)
        {
            errors.Add("refunded", "Must be between 0 and total.");
        }
    }

    private static void CheckLines(IReadOnlyList<OrderLine> lines, decimal rate, Errors errors)
    {
        var numbers = new HashSet<int>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i] is { } line)
            {
                CheckLine(line, string.Create(CultureInfo.InvariantCulture, $"lines/{i}"), !numbers.Add(line.LineNumber), rate, errors);
            }
            else
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"lines/{i}"), "May not be null.");
            }
        }
    }

    private static void CheckLine(OrderLine line, string at, bool isRepeated, decimal rate, Errors errors)
    {
        foreach (var (member, message) in Body<OrderLine>.Complaints(line))
        {
            errors.Add($"{at}/{member}", message);
        }

        if (isRepeated)
        {
            errors.Add(at + "/line_number", "Two lines have this number.");
        }

        if (!IsId(line.ProductId))
        {
            errors.Add(at + "/product_id", IdRule);
        }

        if (line.UnitPrice < 0)
        {
            errors.Add(at + "/unit_price", "Must not be negative.");
        }
        else if (line.UnitPrice > MostAmount || line.UnitPrice * line.Quantity > MostAmount
            || (IsRate(rate) && line.UnitPrice * line.Quantity * rate > MostAmount))
        {
            errors.Add(at + "/unit_price", "unit_price times quantity must not be more than 1000000000000.00 in the store's currency.");
        }

        if (line.RefundedQuantity > line.Quantity)
        {
            errors.Add(at + "/refunded_quantity", "Must not be more than quantity.");
        }
    }
}
