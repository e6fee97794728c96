import Agent
import ArgumentParser

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the agent.",
        discussion: """
            Example: tidewatch run --config config/tidewatch.yaml --set kafka.bootstrap_servers=broker:9092
            Stops on SIGINT or SIGTERM after a last checkpoint.
            """)

    @Option(help: "The configuration file.")
    var config: String

    @Option(name: .customLong("set"), help: "Overrides one key: --set agent.workers=4 (repeatable).")
    var overrides: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        try RunCommand.run(configurationPath: config, overrides: overrides, format: common.format.format)
    }
}
