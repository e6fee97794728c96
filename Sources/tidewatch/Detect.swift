import Agent
import ArgumentParser

/// `--detector` of `detect`.
enum DetectorArgument: String, ExpressibleByArgument, CaseIterable {
    case adwin, cusum, ddm, eddm, kswin, all
    case pageHinkley = "page_hinkley"
    case hddmA = "hddm_a"
    case hddmW = "hddm_w"
}

struct Detect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds where a column of a table, or a model's error, changed: online detectors in the file's order.",
        discussion: """
            Examples: tidewatch detect scored.csv --label paid --prediction said --detector ddm --detector adwin
                      tidewatch detect sensor.jsonl.gz --signal pressure --time at --format html --output changes.html

            Rows are counted from 1, the first below the header. Thresholds are the detectors' defaults: adwin is made for
            values of about 0 to 1; page_hinkley and cusum sum up to 50 in the signal's own unit; kswin has no unit; ddm
            and eddm take errors (0 and 1), hddm_a and hddm_w 0 to 1.
            """)

    @Argument(help: "The table, oldest row first: CSV or JSON lines, gzip allowed.")
    var file: String

    @Option(help: "The column of numbers to watch.")
    var signal: String?

    @Option(help: "Instead of --signal, with --prediction: the column with what happened. The error is watched.")
    var label: String?

    @Option(help: "The column with what was predicted: a class (error 0 or 1) or a number (absolute error).")
    var prediction: String?

    @Option(help: "The column with the time of each row, to be printed with what is found.")
    var time: String?

    @Option(help: "adwin (default), page_hinkley, cusum, ddm, eddm, hddm_a, hddm_w, kswin or all; may be repeated.")
    var detector: [DetectorArgument] = []

    @Option(help: "text, json or html.")
    var format: ReportFormatArgument = .text

    @Option(help: "Write to this file instead of standard output.")
    var output: String?

    @Flag(help: "Exit with 3 when drift was found.")
    var failOnDrift = false

    @Flag(help: "Say nothing but the result.")
    var quiet = false

    func run() throws {
        try DetectCommand.run(
            DetectOptions(
                path: file, signal: signal, label: label, prediction: prediction, time: time,
                detectors: detector.map(\.rawValue), format: format.rawValue, outputPath: output,
                failsOnDrift: failOnDrift, isQuiet: quiet))
    }
}
