using JasperFx;

// The command line of an application looks for commands in assemblies marked so.
[assembly: JasperFxAssembly]
