using System.Reflection;
using System.Runtime.CompilerServices;

namespace MartenEventing.TestSupport.House;

/// <summary>Types and members as one would write them.</summary>
public static class Signature
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(string)] = "string", [typeof(object)] = "object",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(uint)] = "uint", [typeof(double)] = "double",
        [typeof(byte)] = "byte",
    };

    public static string Of(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        var parents = type.IsEnum || kind == "delegate" ? [] : Parents(type).ToList();
        var inherited = parents.Count > 0 ? " : " + string.Join(", ", parents) : "";
        return $"{kind} {type.Namespace}.{Of(type, null)}{inherited}";
    }

    public static string Of(ConstructorInfo constructor) =>
        (constructor.IsFamily ? "protected " : "")
        + $"{Plain(constructor.DeclaringType!.Name)}({Parameters(constructor)})";

    public static string Of(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var result = Of(method.ReturnType, Nullability.Create(method.ReturnParameter));
        return $"{Modifiers(method)}{result} {method.Name}{generic}({Parameters(method)})";
    }

    public static string Of(PropertyInfo property)
    {
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var set = property.SetMethod is not { IsPublic: true } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters
            ? $"[{string.Join(", ", parameters.Select(Of))}]"
            : "";
        var type = Of(property.PropertyType, Nullability.Create(property));
        return $"{required}{Modifiers(property.GetMethod!)}{type} {property.Name}{index} {{ get;{set} }}";
    }

    public static string Of(FieldInfo field) => field.IsLiteral
        ? $"const {Of(field.FieldType, null)} {field.Name} = {Value(field.GetRawConstantValue())}"
        : $"{(field.IsStatic ? "static " : "")}readonly {Of(field.FieldType, Nullability.Create(field))} {field.Name}";

    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, null) + "?";
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (type.IsByRef)
            return "ref " + Of(type.GetElementType()!, nullability?.ElementType);
        if (!type.IsGenericType)
            return Keywords.GetValueOrDefault(type, type.Name) + mark;
        var arguments = type.GetGenericArguments()
            .Select((argument, index) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{Plain(type.Name)}<{string.Join(", ", arguments)}>{mark}";
    }

    private static string Of(ParameterInfo parameter)
    {
        var value = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "";
        var spread = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{spread}{Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static IEnumerable<string> Parents(Type type)
    {
        var own = type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []);
        var ancestor = type.BaseType;
        var named = own.OrderBy(parent => parent.Name, StringComparer.Ordinal);
        var all = ancestor is null || ancestor == typeof(object) || ancestor == typeof(ValueType)
            ? named
            : named.Prepend(ancestor);
        return all.Select(parent => Of(parent, null));
    }

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(Of));
    }

    private static string Modifiers(MethodInfo method) =>
        (method.IsPublic ? "" : "protected ") + method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? "virtual " : "override ",
            _ => "",
        };

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => FormattableString.Invariant($"{value}"),
    };

    private static string Plain(string name) => name.Split('`')[0];
}
