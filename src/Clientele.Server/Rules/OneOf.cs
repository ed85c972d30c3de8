using System.Linq.Expressions;

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

        var isThere = value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null ? Logic.True : Expression.NotEqual(value, Expression.Constant(null, value.Type));
        if (wanted.Count == 1)
        {
            return Logic.And(isThere, Expression.Equal(value, Logic.Parameter(wanted[0], value.Type)));
        }

        var values = Array.CreateInstance(value.Type, wanted.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            values.SetValue(wanted[i], i);
        }

        return Logic.And(isThere, Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [value.Type], Logic.Parameter(values, values.GetType()), value));
    }
}
