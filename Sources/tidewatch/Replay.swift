import Agent
import ArgumentParser

struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs recorded events through the agent's own pipeline, in event time, as fast as it goes.",
        discussion: """
            Prints windows, verdicts, alerts, and what the retraining policy would have done. Without event files it reads
            the configured topics from their beginning to their end, joins no group and commits nothing.

            Examples:
              tidewatch replay --config config/tidewatch.yaml events.jsonl.gz
              tidewatch replay --config config/tidewatch.yaml --from 2026-10-01 --to 2026-11-01
              tidewatch replay --config config/california-housing.yaml housing.csv \\
                --prediction-column y_pred --score-column y_pred_proba --outcome-column clf_target --time-column timestamp
            """)

    @Option(help: "The configuration file.")
    var config: String

    @Option(name: .customLong("set"), help: "Overrides one key (repeatable).")
    var overrides: [String] = []

    @Argument(
        help: "Event files: JSON lines or CSV, gzip allowed, read one after the other; none: the configured topics.")
    var events: [String] = []

    @Option(help: "Only events of this time or later: a date or RFC 3339, event time.")
    var from: String?

    @Option(help: "Only events before this time.")
    var to: String?

    @Option(
        help: """
            The state directory of the agent that saw the events live: its ledger says which version and reference were in \
            force when. Without it the history of topics takes that from the control topic.
            """)
    var ledger: String?

    @Option(help: "CSV: the column with the predicted label (classification) or value (regression).")
    var predictionColumn: String?

    @Option(help: "CSV: the column with the predicted probability of the positive class.")
    var scoreColumn: String?

    @Option(help: "CSV: the column with the actual label or value.")
    var outcomeColumn: String?

    @Option(help: "CSV: the column with the time of the event.")
    var timeColumn: String?

    @Option(help: "CSV: the column with the event's id; default: the row number.")
    var idColumn: String?

    @Option(help: "CSV: columns that are no features, besides those named above (comma-separated).")
    var exclude: String?

    @Flag(help: "Exit with 3 when an alert was raised.")
    var failOnDrift = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        try ReplayCommand.run(
            ReplayOptions(
                configurationPath: config, overrides: overrides, paths: events, from: from, to: to,
                ledger: ledger, predictionColumn: predictionColumn,
                scoreColumn: scoreColumn, outcomeColumn: outcomeColumn, timeColumn: timeColumn, idColumn: idColumn,
                excludedColumns: exclude?.split(separator: ",").map(String.init) ?? [], failsOnDrift: failOnDrift,
                format: common.format.format, isQuiet: common.quiet))
    }
}
