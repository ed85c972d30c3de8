using Clientele.Server.Operations;

namespace Clientele.Server.Customers;

/// <summary>The services and routes of customers' profiles.</summary>
internal static class CustomersModule
{
    public static void AddCustomers(this IServiceCollection services) =>
        services.AddSettings<Store>("Store")
            .AddScoped<CustomerProfile>().AddScoped<CustomerUpdate>().AddScoped<CustomerWrites>().AddScoped<CustomerLookup>().AddScoped<Activation>()
            .AddScoped<CustomerCsv>().AddScoped<IDatabaseGauges, CustomerGauges>()
            .AddScoped<ICheck, CounterCheck>().AddScoped<ICustomerCheck, CustomerFormsCheck>().AddScoped<ISweep, CustomerForms>();

    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        CustomersEndpoints.Map(api);
        LifecycleEndpoints.Map(api);
    }
}
