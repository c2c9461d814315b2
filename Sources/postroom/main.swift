import AdminCLI

await runPostroom()
