using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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

        return $"{name}: must be {Takes}, not {(value.Length == 0 ? "empty" : Settings.Cut(value))}.";
    }
}

/// <summary>All settings of the service: their names, their values, and how they are read.</summary>
internal static partial class Settings
{
    private static readonly Section[] Sections =
    [
        Section.Of<ServerSettings>(""),
        Section.Of<DatabaseSettings>(DatabaseSettings.Section),
        Section.Of<KeySettings>(KeySettings.Section),
        Section.Of<Sessions.Settings>(Sessions.Settings.Section),
        Section.Of<RateLimits>(RateLimits.Section),
        Section.Of<Store>(Store.Section),
        Section.Of<AddressBook.Settings>(AddressBook.Settings.Section),
        Section.Of<PasswordPolicy>(PasswordPolicy.Section),
        Section.Of<Programme>(Programme.Section),
        Section.Of<HeavyReads.Settings>(HeavyReads.Settings.Section),
        Section.Of<ShutdownSettings>(ShutdownSettings.Section),
    ];

    /// <summary>Sections of the framework that are allowed, next to ours, behind the prefix of our environment variables.</summary>
    private static readonly string[] Frameworks = ["Logging", "Kestrel", "Environment", "ContentRoot", "HTTP_Ports", "HTTPS_Ports"];

    public static IReadOnlyList<Setting> All { get; } = [.. Sections.SelectMany(section => Members(section.Name, section.Type))];

    public static void AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var section in Sections)
        {
            section.Add(services, configuration);
        }
    }

    /// <summary>
    /// Rejects values that do not fit their setting, before they are bound. Reports all of them, one line each, with the values that
    /// would be valid.
    /// </summary>
    public static void Refuse(IConfiguration configuration)
    {
        var unfit = Given(configuration).Select(given => Find(given.Key)?.Complaint(given.Key, given.Value)).OfType<string>().ToList();
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
    public static void WarnOfUnknown(ILogger logger, IConfiguration configuration)
    {
        var unknown = Given(configuration).Where(given => given.Value.Length > 0 && IsUnknown(given.Key)).Select(given => given.Key).Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (unknown.Count > 0)
        {
            Log.Unknown(logger, string.Join(", ", unknown.Select(Cut)));
        }
    }

    /// <summary>A value in the form that messages show.</summary>
    public static string Cut(string value) => value.Length <= 100 ? value : value[..100] + "…";

    private static IEnumerable<(string Key, string Value)> Given(IConfiguration configuration) =>
        configuration.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => (pair.Key, pair.Value!));

    private static Setting? Find(string key)
    {
        var name = string.Join(':', key.Split(':').Select(part => part.All(char.IsAsciiDigit) ? "0" : part));
        return All.FirstOrDefault(setting => name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The environment also contains variables of other programs. Ours are those in our sections, those behind our prefix, and those in a section
    /// that does not exist but that has a member of one of ours, such as <c>RateLimit:PerCaller</c>.
    /// </summary>
    private static bool IsUnknown(string key)
    {
        var parts = key.Split(':');
        if (Find(key) is not null)
        {
            return false;
        }

        if (parts[0].Equals("Clientele", StringComparison.OrdinalIgnoreCase) && parts.Length > 1)
        {
            return Find(string.Join(':', parts[1..])) is null && !Frameworks.Contains(parts[1], StringComparer.OrdinalIgnoreCase);
        }

        var known = All.Where(setting => setting.Name.Contains(':', StringComparison.Ordinal)).Select(setting => setting.Name.Split(':')).ToList();
        return parts.Length == 1
            ? known.Exists(setting => Is(setting[0], parts[0]) && setting[1] == "0")
            : known.Exists(setting => Is(setting[0], parts[0]) || (Is(setting[1], parts[1]) && setting[1] != "0" && !Frameworks.Contains(parts[0], StringComparer.OrdinalIgnoreCase)));

        static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<Setting> Members(string prefix, Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite || property.PropertyType.IsAssignableTo(typeof(IEnumerable)) && property.PropertyType.Name == typeof(IList<>).Name))
        {
            var name = prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}";
            var element = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IList<>) ? property.PropertyType.GetGenericArguments()[0] : null;
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
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Unknown settings: {Names}. docs/operating.md lists all settings.")]
        public static partial void Unknown(ILogger logger, string names);
    }

    /// <summary>A section and the type that it is bound to.</summary>
    private sealed record Section(string Name, Type Type, Action<IServiceCollection, IConfiguration> Add)
    {
        public static Section Of<T>(string name)
            where T : class => new(name, typeof(T), (services, configuration) =>
            {
                services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<T>, Validation<T>>());
                services.AddOptions<T>().Bind(name.Length == 0 ? configuration : configuration.GetSection(name)).ValidateOnStart();
            });
    }

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
