import Agent
import ArgumentParser

/// `--task` of `metrics`.
enum MetricsTaskArgument: String, ExpressibleByArgument, CaseIterable {
    case auto, binary, multiclass, regression, ranking

    var task: MetricsOptions.Task {
        switch self {
        case .auto: .auto
        case .binary: .binary
        case .multiclass: .multiclass
        case .regression: .regression
        case .ranking: .ranking
        }
    }
}

struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures how good the predictions of a table are, every metric with its 95 % interval.",
        discussion: """
            Examples: tidewatch metrics scored.csv --label paid --score p_paid --segment region --protected sex
                      tidewatch metrics scored.csv --label price --prediction forecast --format html --output price.html
                      tidewatch metrics lists.csv --query search --score rank_score --label relevance --k 10
            """)

    @Argument(help: "The scored table: CSV or JSON lines, gzip allowed.")
    var file: String

    @Option(help: "The column with what happened; of a ranking, the relevance.")
    var label: String

    @Option(help: "The column with what was predicted: a class or a number.")
    var prediction: String?

    @Option(help: "The column with P(positive) or the ranking score; CLASS=COLUMN for each of several classes.")
    var score: [String] = []

    @Option(help: "auto, binary, multiclass, regression or ranking.")
    var task: MetricsTaskArgument = .auto

    @Option(
        parsing: .unconditional,
        help: "The label that counts as positive; default: 1, true or yes, else the last of the two.")
    var positive: String?

    @Option(
        parsing: .unconditional,
        help: "Without --prediction, a row counts as predicted positive from this score on."
    )
    var threshold = 0.5

    @Option(help: "The column that says which rows belong to one ranked list.")
    var query: String?

    @Option(name: .customLong("k"), help: "Places of a ranked list that count; default: all.")
    var places: Int?

    @Option(help: "The quantile that a regression forecasts, for its pinball loss.")
    var quantile = 0.5

    @Option(help: "Also measure each value of this column; may be repeated.")
    var segment: [String] = []

    @Option(help: "Judge fairness between the values of this column; may be repeated.")
    var protected: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Value of a true negative, false positive, false negative and true positive: 0,-1,-5,10."
    )
    var cost: String?

    @Option(help: "text, json or html.")
    var format: ReportFormatArgument = .text

    @Option(help: "Write to this file instead of standard output.")
    var output: String?

    @Flag(help: "Say nothing but the result.")
    var quiet = false

    func run() throws {
        let costs = try cost.map(MetricsOptions.costs)
        try MetricsCommand.run(
            MetricsOptions(
                path: file, label: label, prediction: prediction, scores: score, task: task.task, positive: positive,
                threshold: threshold, query: query, places: places, quantile: quantile, segments: segment,
                protected: protected, costs: costs, format: format.rawValue, outputPath: output, isQuiet: quiet))
    }
}
