using JasperFx;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parcels.Api;
using Parcels.Api.Development;
using Wolverine.Http;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = ParcelApi.LongestBody);
builder.AddParcelStore();
builder.AddParcelMessaging();
builder.Services.TryAddSingleton(TimeProvider.System);
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();
builder.Services.AddWolverineHttp();

var app = builder.Build();
try
{
    ListenAddress.RequireLoopback(app.Configuration, args);
    ListenAddress.CheckFree(app.Configuration, args);
    await using var server = await ParcelDatabase.StartWhereNoneIsGivenAsync(app);
    Welcome.SayWhenStarted(app, server);
    app.MapParcelApi();
    if (args.Length > 0)
        return await app.RunJasperFxCommands(args);
    await app.RunAsync();
    return 0;
}
catch (CannotStartException cannot)
{
    await Console.Error.WriteLineAsync(cannot.Message);
    return 1;
}
