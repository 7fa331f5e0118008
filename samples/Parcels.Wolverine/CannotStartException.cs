namespace Parcels.Api;

/// <summary>
/// The application cannot start as it is configured. The message says what to do, and is all that is shown.
/// </summary>
/// <param name="message">What is wrong, and the next step.</param>
public sealed class CannotStartException(string message) : Exception(message);
