import Foundation
import Testing

@testable import Agent

/// Every command that writes a report refuses to put it in the place of a table that it was made from.
@Suite struct ReportDestinationTests {
    private let folder: TrainFolder
    private let table: String
    private static let text = "x,y\n1,2\n3,4\n"

    init() throws {
        folder = try TrainFolder()
        table = try folder.file(Self.text)
    }

    /// The table by another spelling of its path.
    private var elsewhere: String {
        "\(folder.path)/../\(URL(fileURLWithPath: folder.path).lastPathComponent)/data.csv"
    }

    private func commands(_ output: String) throws -> [(name: String, run: () throws -> Void)] {
        let other = try folder.file("x,y\n5,6\n7,8\n", "other.csv")
        func compare(_ reference: String, _ current: String) throws {
            try CompareCommand.run(
                CompareOptions(
                    referencePath: reference, currentPath: current, columns: nil, statistics: nil, format: "text",
                    outputPath: output, failsOnDrift: false, isQuiet: true))
        }
        var predict = PredictOptions(model: "none", dataPath: table)
        predict.outputPath = output
        var explain = ExplainOptions(prediction: predict)
        var background = explain
        background.prediction.dataPath = other
        background.backgroundPath = table
        var experiment = ExperimentOptions(path: table, variant: "x", metrics: ["y"])
        experiment.outputPath = output
        explain.rows = 1
        return [
            ("compare --reference", { try compare(table, other) }),
            ("compare --current", { try compare(other, table) }),
            (
                "detect",
                { try DetectCommand.run(DetectOptions(path: table, signal: "x", outputPath: output, isQuiet: true)) }
            ),
            (
                "metrics",
                {
                    try MetricsCommand.run(
                        MetricsOptions(path: table, label: "x", prediction: "y", outputPath: output, isQuiet: true))
                }
            ),
            ("experiment", { try ExperimentCommand.analyze(experiment) }),
            ("profile", { try ProfileCommand.run(ProfileOptions(path: table, outputPath: output, isQuiet: true)) }),
            ("predict", { try PredictCommand.run(predict) }),
            ("explain", { try ExplainCommand.run(explain) }),
            ("explain --background", { try ExplainCommand.run(background) }),
        ]
    }

    @Test func aReportDoesNotReplaceItsTable() throws {
        for output in [table, elsewhere] {
            for (name, run) in try commands(output) {
                let found = stop(run)
                #expect(found?.exitCode == 2, "\(name)")
                #expect(
                    found?.message == "--output: \(output) is the table that is read; name another file", "\(name)")
                #expect(try String(contentsOfFile: table, encoding: .utf8) == Self.text, "\(name)")
            }
        }
    }

    @Test func anotherFileIsWritten() throws {
        let output = "\(folder.path)/report.json"
        try DetectCommand.run(
            DetectOptions(path: table, signal: "x", format: "json", outputPath: output, isQuiet: true))
        #expect(try String(contentsOfFile: output, encoding: .utf8).hasPrefix("{"))
    }
}
