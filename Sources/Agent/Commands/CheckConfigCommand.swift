import Foundation

/// `tidewatch check-config`: every problem of a configuration, with its key path.
public enum CheckConfigCommand {
    private struct Report: Encodable {
        var file: String
        var valid: Bool
        var problems: [ConfigurationProblem]
    }

    /// Prints the problems, or that there are none; ends with 2 if there are any. Where the file is right in itself the
    /// tables that it names are opened, and its properties are shown to librdkafka.
    public static func run(path: String, overrides: [String], format: OutputFormat) throws {
        var problems: [ConfigurationProblem] = []
        var models: [String] = []
        do throws(ConfigurationError) {
            let configuration = try AgentConfiguration.load(
                path: path, overrides: overrides, environment: ProcessInfo.processInfo.environment)
            models = configuration.models.map(\.name)
            let found = configuration.problemsOfSurroundings()
            if !found.isEmpty { throw ConfigurationError(path: path, problems: found) }
        } catch {
            problems = error.problems
            if format == .text { CommandOutput.standardError(error.description) }
        }
        if format == .json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let report = Report(file: path, valid: problems.isEmpty, problems: problems)
            CommandOutput.standardOutput(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else if problems.isEmpty {
            CommandOutput.standardOutput("\(path) is valid: watches \(models.joined(separator: ", ")).")
        }
        if !problems.isEmpty { throw CommandStop(exitCode: 2) }
    }
}
