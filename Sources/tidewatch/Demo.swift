import Agent
import ArgumentParser

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The whole loop on an embedded Kafka broker and a simulated production system.",
        discussion: """
            A champion serves, the world drifts, the agent alerts, retrains and promotes; then a bad version is promoted
            by hand and the agent rolls it back.

            Example: tidewatch demo --seed 7 --format json
            """)

    @Option(help: "Seed of everything that is random in it.")
    var seed: UInt64 = 1

    @Option(help: "Days of event time per second; 0 is as fast as it goes.")
    var speed: Double = 0

    @Option(help: "Rows of a table to use as the stream instead of the built-in one (Elec2 as CSV, gzip allowed).")
    var elec2: String?

    @Option(help: "The configuration for --elec2.")
    var config = "config/elec2.yaml"

    @Option(help: "Accepted for scripts; the page that it is for does not exist yet.")
    var port: Int?

    @Flag(help: "Accepted for scripts; the demo always ends when its story is told.")
    var exitWhenDone = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        try DemoCommand.run(
            DemoOptions(
                seed: seed, daysPerSecond: speed, elec2Path: elec2, configurationPath: config,
                format: common.format.format, isQuiet: common.quiet))
    }
}
