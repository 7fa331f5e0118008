using Alba;
using Microsoft.AspNetCore.Mvc;

namespace Parcels.Api.Tests.App;

/// <summary>Requests to the application, by what they should be answered with.</summary>
public static class Requests
{
    public static async Task<T> GetAsync<T>(this IAlbaHost host, string url)
    {
        var result = await host.Scenario(s => s.Get.Url(url));
        return (await result.ReadAsJsonAsync<T>())!;
    }

    public static async Task<T> PostAsync<T>(this IAlbaHost host, string url, object body, int status = 200)
    {
        var result = await host.Scenario(s =>
        {
            s.Post.Json(body).ToUrl(url);
            s.StatusCodeShouldBe(status);
        });
        return (await result.ReadAsJsonAsync<T>())!;
    }

    /// <summary>A GET that should be refused.</summary>
    public static Task<ProblemDetails> RefusedGetAsync(this IAlbaHost host, string url, int status) =>
        host.RefusedAsync(s => s.Get.Url(url), status);

    /// <summary>A POST that should be refused.</summary>
    public static Task<ProblemDetails> RefusedPostAsync(this IAlbaHost host, string url, object body, int status) =>
        host.RefusedAsync(s => s.Post.Json(body).ToUrl(url), status);

    private static async Task<ProblemDetails> RefusedAsync(this IAlbaHost host, Action<Scenario> request, int status)
    {
        var result = await host.Scenario(s =>
        {
            request(s);
            s.StatusCodeShouldBe(status);
            s.ContentTypeShouldBe("application/problem+json");
        });
        var problem = (await result.ReadAsJsonAsync<ProblemDetails>()).ShouldNotBeNull();
        problem.Status.ShouldBe(status);
        return problem;
    }
}
