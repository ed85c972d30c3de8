namespace Clientele.Server.Rules;

/// <summary>What a condition tests in a row, without its negation: an expression that is true or false, never unknown.</summary>
internal abstract record Predicate
{
    /// <summary>Whether the passing of time alone can change the result.</summary>
    public virtual bool DependsOnTime => false;

    public abstract Expression Holds(Expression row, RuleContext context);

    /// <summary>The ranges of rows whose result can have changed between two instants because time has passed.</summary>
    public virtual IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) => [];
}

/// <summary>A test of the row alone.</summary>
internal sealed record RowPredicate(Func<Expression, Expression> Condition) : Predicate
{
    public override Expression Holds(Expression row, RuleContext context) => Condition(row);
}

/// <summary>Whether an ordered value lies in an interval, which may move with time.</summary>
internal sealed record IntervalPredicate(ValueField Field, Bounds Bounds) : Predicate
{
    public override bool DependsOnTime => Bounds.DependsOnTime;

    public override Expression Holds(Expression row, RuleContext context) => Bounds.At(context.Calendar).Holds(Logic.Of(Field.Value, row));

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) => Bounds.Due(Field, from, to, includePast);
}

/// <summary>Whether a birthday is one of the days of a window.</summary>
internal sealed record AnniversaryPredicate(LambdaExpression DayOfYear, Span Span) : Predicate
{
    public override bool DependsOnTime => true;

    public override Expression Holds(Expression row, RuleContext context) =>
        Logic.Any(Runs(context.Calendar.Anniversaries(Span)).Select(run => run.Holds(Logic.Of(DayOfYear, row))));

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast)
    {
        var changed = from.Anniversaries(Span);
        changed.SymmetricExceptWith(to.Anniversaries(Span));
        return Runs(changed).Select(run => new DueRange(null, DayOfYear, run));
    }

    /// <summary>Consecutive days become one range. The last day of a month and the first day of the next are consecutive.</summary>
    private static IEnumerable<Interval> Runs(SortedSet<int> days)
    {
        var runs = new List<(long From, long To)>();
        foreach (var day in days)
        {
            if (runs.Count > 0 && (day == runs[^1].To + 1 || (day % 100 == 1 && runs[^1].To == LastOf((day / 100) - 1))))
            {
                runs[^1] = (runs[^1].From, day);
            }
            else
            {
                runs.Add((day, day));
            }
        }

        return runs.Select(run => new Interval(run.From, run.To));
    }

    private static long LastOf(int month) => month < 1 ? 0 : (month * 100) + DateTime.DaysInMonth(2000, month);
}

/// <summary>Whether a customer has tags: any at all, or any or all of the given ones.</summary>
internal sealed record TagsPredicate(IReadOnlyList<string>? Tags, bool All) : Predicate
{
    public override Expression Holds(Expression row, RuleContext context)
    {
        var tags = context.Db.CustomerTags;
        return Tags is null ? Has(tag => Logic.True)
            : All ? Expression.Equal(RowConditions.Count<CustomerTag>(tags, row, tag => OneOf.Of(Key(tag), Tags)), Logic.Parameter(Tags.Count, typeof(int)))
            : Tags.Count == 0 ? Logic.False
            : Has(tag => OneOf.Of(tag, Tags));

        static Expression Key(Expression tag) => Expression.Property(tag, nameof(CustomerTag.TagKey));
        Expression Has(Func<Expression, Expression> wanted) => RowConditions.Any<CustomerTag>(tags, row, tag => wanted(Key(tag)));
    }
}

/// <summary>Whether a customer has metadata under a key, with a value that passes a test.</summary>
internal sealed record MetadataPredicate(string Key, Func<Expression, Expression> Condition) : Predicate
{
    public override Expression Holds(Expression row, RuleContext context) => RowConditions.Any<CustomerMetadata>(
        context.Db.CustomerMetadata,
        row,
        entry => Logic.And(Expression.Equal(Expression.Property(entry, nameof(CustomerMetadata.Key)), Logic.Parameter(Key, typeof(string))), Condition(entry)));
}
