import Agent
import ArgumentParser

@main
struct Tidewatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidewatch",
        abstract: "Watches models on event streams: drift, live performance, alerts, retraining, rollback.",
        discussion: """
            See it work:      tidewatch demo
            Run the agent:    tidewatch run --config config/tidewatch.yaml

            Exit codes: 0 done; 1 failed while running; 2 the command line, configuration or an input file is wrong;
            3 done, and drift was found (only with --fail-on-drift).
            """,
        version: AgentVersion.text,
        subcommands: [
            Demo.self, Run.self, CheckConfig.self, Replay.self, Compare.self, Profile.self, Detect.self,
            Metrics.self, Experiment.self, Train.self, Predict.self, Explain.self, Models.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let stop as CommandStop {
            if let message = stop.message { CommandOutput.standardError(message) }
            exit(withError: ExitCode(stop.exitCode))
        } catch {
            let code = exitCode(for: error)
            guard code == .success || code == .validationFailure else {
                CommandOutput.standardError("\(error)")
                exit(withError: ExitCode.failure)
            }
            if code == .validationFailure {
                CommandOutput.standardError(fullMessage(for: error))
                exit(withError: ExitCode(2))
            }
            exit(withError: error)
        }
    }
}

/// `--format`, on every command that prints a result.
enum FormatArgument: String, ExpressibleByArgument, CaseIterable {
    case text, json

    var format: OutputFormat {
        switch self {
        case .text: .text
        case .json: .json
        }
    }
}

/// Options that every command understands.
struct CommonOptions: ParsableArguments {
    @Option(help: "text for eyes, json for scripts.")
    var format: FormatArgument = .text

    @Flag(help: "Say nothing but the result.")
    var quiet = false
}
