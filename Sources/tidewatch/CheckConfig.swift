import Agent
import ArgumentParser

struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Validates a configuration file and prints every problem with its key path.",
        discussion: "Example: tidewatch check-config config/tidewatch.yaml")

    @Argument(help: "The configuration file.")
    var file: String

    @Option(name: .customLong("set"), help: "Overrides one key before checking (repeatable).")
    var overrides: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        try CheckConfigCommand.run(path: file, overrides: overrides, format: common.format.format)
    }
}
