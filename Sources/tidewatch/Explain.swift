import Agent
import ArgumentParser

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what each feature added to each prediction (SHAP values).",
        discussion: """
            Examples: tidewatch explain --model loans@3 --data today.csv --rows 20
                      tidewatch explain --model paid-model --data today.csv --format html --output why.html
            """)

    @Option(help: "NAME or NAME@VERSION of the registry, or the file or folder of a training.")
    var model: String

    @Option(help: "The table: CSV or JSON lines, gzip allowed.")
    var data: String

    @Option(help: "Rows to explain, from the first on.")
    var rows = 100

    @Option(name: .customLong("class"), help: "Of several classes, the one that is explained; default: the first.")
    var output: String?

    @Option(help: "A table of typical rows, for models that are no trees; default: --data itself.")
    var background: String?

    @Option(help: "Of the background rows and of sampled coalitions.")
    var seed: UInt32 = 0

    @Option(help: "The configuration file that names the state directory.")
    var config: String?

    @Option(help: "The state directory itself; default: ./tidewatch-state.")
    var stateDirectory: String?

    @Option(help: "text, json or html.")
    var format: ReportFormatArgument = .text

    @Option(name: .customLong("output"), help: "Write to this file instead of standard output.")
    var file: String?

    @Flag(help: "Say nothing but the result.")
    var quiet = false

    func run() throws {
        var question = PredictOptions(model: model, dataPath: data)
        question.configurationPath = config
        question.stateDirectory = stateDirectory
        question.outputPath = file
        question.isQuiet = quiet
        var options = ExplainOptions(prediction: question)
        options.rows = rows
        options.output = output
        options.backgroundPath = background
        options.seed = UInt64(seed)
        options.format = format.rawValue
        try ExplainCommand.run(options)
    }
}
