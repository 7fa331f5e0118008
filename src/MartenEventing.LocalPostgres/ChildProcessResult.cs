namespace MartenEventing.LocalPostgres;

/// <summary>How a program ended and what it wrote to its two outputs.</summary>
internal sealed record ChildProcessResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
