namespace Clientele.Server.Rules;

/// <summary>Whether a value is one of several.</summary>
internal static class OneOf
{
    public static Expression Of(Expression value, IReadOnlyList<object> wanted)
    {
        if (wanted.Count == 0)
        {
            return Logic.False;
        }

        var isSet = Logic.IsSet(value);
        if (wanted.Count == 1)
        {
            return Logic.And(isSet, Expression.Equal(value, Logic.Parameter(wanted[0], value.Type)));
        }

        var values = Array.CreateInstance(value.Type, wanted.Count);
        Array.Copy(wanted.ToArray(), values, wanted.Count);
        var list = Logic.Parameter(values, values.GetType());
        return Logic.And(isSet, Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [value.Type], list, value));
    }
}
