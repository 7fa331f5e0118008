using JasperFx;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parcels.Api;
using Parcels.Api.Problems;
using Wolverine.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddParcelStore();
builder.AddParcelMessaging();
builder.Services.TryAddSingleton(TimeProvider.System);
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();
builder.Services.AddWolverineHttp();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapOpenApi();
app.MapWolverineEndpoints(options =>
{
    options.RejectUnparseableQueryValues = true;
    options.UseDataAnnotationsValidationProblemDetailMiddleware();
    options.AddMiddleware(typeof(ProblemMapping));
    options.AddPolicy<ProblemMetadata>();
    options.AddPolicy<BodyRequired>();
});
return await app.RunJasperFxCommands(args);
