import Agent
import ArgumentParser

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a model's predictions, scores or clusters of a table, one line a row.",
        discussion: """
            Examples: tidewatch predict --model loans@3 --data today.csv > scored.csv
                      tidewatch predict --model paid-model --data today.csv --format json
            """)

    @Option(help: "NAME or NAME@VERSION of the registry, or the file or folder of a training.")
    var model: String

    @Option(help: "The table: CSV or JSON lines, gzip allowed.")
    var data: String

    @Option(
        parsing: .unconditional,
        help: """
            A binary model's row counts as predicted positive from this score on, 0 to 1; by default what train --cost found, \
            or 0.5.
            """)
    var threshold: Double?

    @Option(help: "The configuration file that names the state directory.")
    var config: String?

    @Option(help: "The state directory itself; default: ./tidewatch-state.")
    var stateDirectory: String?

    @Option(help: "Write to this file instead of standard output.")
    var output: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        var options = PredictOptions(model: model, dataPath: data)
        options.threshold = threshold
        options.configurationPath = config
        options.stateDirectory = stateDirectory
        options.outputPath = output
        options.isJSON = common.format == .json
        options.isQuiet = common.quiet
        try PredictCommand.run(options)
    }
}
