import Agent
import ArgumentParser

struct Profile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks through a table: what its columns hold, what is wrong with them, what they say of the target.",
        discussion: """
            Examples: tidewatch profile census.csv.gz --target class
                      tidewatch profile orders.csv --target returned --time ordered_at --output report.html
            """)

    @Argument(help: "The table: CSV or JSON lines, gzip allowed; - is standard input.")
    var file: String

    @Option(help: "The column to be predicted: its balance, what each column says of it, suspects of leakage.")
    var target: String?

    @Option(help: "The column with the time of the rows (or a rising number): order, gaps, drift.")
    var time: String?

    @Option(help: "text, json or html; default: by the name of the output, else text.")
    var format: ReportFormatArgument?

    @Option(help: "Write to this file instead of standard output.")
    var output: String?

    @Flag(help: "Say nothing but the result.")
    var quiet = false

    func run() throws {
        try ProfileCommand.run(
            ProfileOptions(
                path: file, target: target, time: time, format: format?.rawValue, outputPath: output, isQuiet: quiet))
    }
}
