using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Clientele.Server.Operations;

/// <summary>A setting with its full name, in which 0 stands for any index of a list.</summary>
internal sealed record Setting(string Name, Type Type, RangeAttribute? Range, object? Default)
{
    private string Takes => this switch
    {
        { Type.IsEnum: true } => string.Join(" or ", Enum.GetNames(Type)),
        { Type: var type } when type == typeof(bool) => "true or false",
        { Range: { } range } => string.Create(CultureInfo.InvariantCulture, $"{Number} between {range.Minimum} and {range.Maximum}"),
        _ => Number,
    };

    private string Number => Type == typeof(decimal) ? "a number" : "a whole number";

    /// <summary>Describes what is wrong with a value; null if it is valid.</summary>
    public string? Complaint(string key, string value)
    {
        var name = string.Join(':', Name.Split(':').Zip(key.Split(':'), (own, given) => own == "0" ? given : own));
        if (Type == typeof(string))
        {
            return null;
        }

        try
        {
            var converted = TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(value);
            if (Range?.IsValid(converted) is not false && (!Type.IsEnum || Enum.IsDefined(Type, converted!)))
            {
                return null;
            }
        }
#pragma warning disable CA1031 // A converter may throw any exception.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The value does not have the type.
        }

        return $"{name}: must be {Takes}, not {(value.Length == 0 ? "empty" : Errors.Cut(value))}.";
    }
}

/// <summary>All settings of the service: their names, their values, and how they are read.</summary>
internal static partial class Settings
{
    /// <summary>Sections of the framework that are allowed, next to ours, behind the prefix of our environment variables.</summary>
    private static readonly string[] Frameworks = ["Logging", "Kestrel", "Environment", "ContentRoot", "HTTP_Ports", "HTTPS_Ports"];

    /// <summary>Adds a section, and binds its settings to a type. An empty name is for the settings outside of sections.</summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(new Section(section, typeof(T))).TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<T>, Validation<T>>());
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        return services;
    }

    /// <summary>All settings that were added.</summary>
    public static IReadOnlyList<Setting> All(IServiceProvider services) => All(services.GetServices<Section>());

    /// <summary>
    /// Rejects values that do not fit their setting, before they are bound. Reports all of them, one line each, with the values that
    /// would be valid.
    /// </summary>
    public static void Refuse(IServiceCollection services, IConfiguration configuration)
    {
        var all = All(services.Where(service => service.ServiceType == typeof(Section)).Select(service => (Section)service.ImplementationInstance!));
        var unfit = Given(configuration).Select(given => Find(all, given.Key)?.Complaint(given.Key, given.Value)).OfType<string>().ToList();
        if (unfit.Count > 0)
        {
            throw new StartupException(unfit);
        }
    }

    /// <summary>Does the same for the rules of the options about their texts and about several members.</summary>
    public static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException invalid)
        {
            throw new StartupException([.. invalid.Failures]);
        }
        catch (AggregateException several)
        {
            throw new StartupException([.. several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(invalid => invalid.Failures)]);
        }
    }

    /// <summary>Warns once about settings in our sections that do not exist; they may be mistyped.</summary>
    public static void WarnOfUnknown(WebApplication app)
    {
        var all = All(app.Services);
        var unknown = Given(app.Configuration).Where(given => given.Value.Length > 0 && IsUnknown(all, given.Key)).Select(given => given.Key)
            .Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (unknown.Count > 0)
        {
            Log.Unknown(app.Logger, string.Join(", ", unknown.Select(Errors.Cut)));
        }
    }

    private static IEnumerable<(string Key, string Value)> Given(IConfiguration configuration) =>
        configuration.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => (pair.Key, pair.Value!));

    private static Setting? Find(IReadOnlyList<Setting> all, string key)
    {
        var name = string.Join(':', key.Split(':').Select(part => part.All(char.IsAsciiDigit) ? "0" : part));
        return all.FirstOrDefault(setting => name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The environment also contains variables of other programs. Ours are those in our sections, those behind our prefix, and those in a section
    /// that does not exist but that has a member of one of ours, such as <c>RateLimit:PerCaller</c>.
    /// </summary>
    private static bool IsUnknown(IReadOnlyList<Setting> all, string key)
    {
        var parts = key.Split(':');
        if (Find(all, key) is not null)
        {
            return false;
        }

        if (parts[0].Equals("Clientele", StringComparison.OrdinalIgnoreCase) && parts.Length > 1)
        {
            return Find(all, string.Join(':', parts[1..])) is null && !Frameworks.Contains(parts[1], StringComparer.OrdinalIgnoreCase);
        }

        var known = all.Where(setting => setting.Name.Contains(':', StringComparison.Ordinal)).Select(setting => setting.Name.Split(':')).ToList();
        return parts.Length == 1
            ? known.Exists(setting => Is(setting[0], parts[0]) && setting[1] == "0")
            : known.Exists(setting => Is(setting[0], parts[0])
                || (Is(setting[1], parts[1]) && setting[1] != "0" && !Frameworks.Contains(parts[0], StringComparer.OrdinalIgnoreCase)));

        static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    private static IReadOnlyList<Setting> All(IEnumerable<Section> sections) => [.. sections.SelectMany(section => Members(section.Name, section.Type))];

    private static IEnumerable<Setting> Members(string prefix, Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite || IsList(property.PropertyType)))
        {
            var name = prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}";
            var element = IsList(property.PropertyType) ? property.PropertyType.GetGenericArguments()[0] : null;
            if (element is null || element == typeof(string))
            {
                yield return element is null
                    ? new(name, property.PropertyType, property.GetCustomAttribute<RangeAttribute>(), property.GetValue(defaults))
                    : new($"{name}:0", element, null, null);
                continue;
            }

            foreach (var member in Members($"{name}:0", element))
            {
                yield return member;
            }
        }

        static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Unknown settings: {Names}. docs/operating.md lists all settings.")]
        public static partial void Unknown(ILogger logger, string names);
    }

    /// <summary>A section and the type that it is bound to.</summary>
    private sealed record Section(string Name, Type Type);

    /// <summary>The rules of an options type about its texts and about several members.</summary>
    private sealed class Validation<T> : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var failures = options is IValidatableObject rules ? rules.Validate(new(options)).Select(failure => failure.ErrorMessage!).ToList() : [];
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
