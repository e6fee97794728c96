import Foundation
import Learning
import Statistics
import Storage

/// What `tidewatch explain` was asked.
public struct ExplainOptions: Sendable {
    /// As of `tidewatch predict`.
    public var prediction: PredictOptions
    /// Typical rows to explain against, for models that are no trees; `nil` for the table's own.
    public var backgroundPath: String?
    /// Rows explained, from the first on.
    public var rows = 100
    /// Multiclass: the class whose probability is explained.
    public var output: String?
    public var seed: UInt64 = 0
    /// text, json (lines) or html.
    public var format = "text"

    public init(prediction: PredictOptions) { self.prediction = prediction }
}

/// `tidewatch explain`: what each feature added to each prediction.
public enum ExplainCommand {
    /// Background rows of a model that is no tree.
    static let backgroundRows = 100

    public static func run(_ options: ExplainOptions) throws {
        let destination = try ReportDestination(
            options.prediction.outputPath,
            from: [options.prediction.dataPath] + [options.backgroundPath].compactMap(\.self),
            isQuiet: options.prediction.isQuiet)
        try destination.deliver(try render(options))
    }

    static func render(_ options: ExplainOptions) throws -> String {
        guard (1...100_000).contains(options.rows) else {
            throw CommandStop.badInput("--rows is 1 to 100,000, and \(options.rows) is not")
        }
        do {
            let progress = CommandProgress(isQuiet: options.prediction.isQuiet)
            let model = try PredictCommand.load(options.prediction).model
            let table = try progress.reading(options.prediction.dataPath)
            guard table.rowCount > 0 else { throw CommandStop.badInput("the table has no rows to explain") }
            let explained = table.rows(0..<min(options.rows, table.rowCount))
            let background = try options.backgroundPath.map { try progress.reading($0) } ?? table
            let found = try progress.during("explaining \(explained.rowCount) rows") {
                try attributions(model, explained, background, seed: options.seed)
            }
            let output = try place(of: options.output, in: found)
            switch options.format {
            case "json": return try json(found, output: output)
            case "html": return try page(found, explained, output: output)
            default: return text(found, output: output)
            }
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        }
    }

    /// TreeSHAP of trees on the raw table, a ranking's too; KernelSHAP against background rows of everything else.
    /// - Throws: `LearningError(.invalidInput)` for clusters: there is no score whose parts could be shared out.
    static func attributions(
        _ model: ArtifactModel, _ table: Table, _ background: Table, seed: UInt64
    ) throws(LearningError) -> Attributions {
        let predictor: any TrainedModel
        switch model {
        case .ranking(let ranking): return try ranking.contributions(table)
        case .clusters:
            throw LearningError(
                .invalidInput, "the model is a clustering, which gives no score to explain",
                advice: "Its card says what sets each cluster apart; tidewatch predict gives each row's distance.")
        case .predictor(let trees as BoostedTreeModel): return try trees.contributions(table)
        case .predictor(let other): predictor = other
        }
        var rows = Array(0..<background.rowCount)
        var generator = SplitMix(seed: seed)
        rows.shuffle(using: &generator)
        let typical = background.rows(rows.prefix(backgroundRows).sorted())
        return try KernelExplainer(model: predictor, background: typical, seed: seed).explain(table)
    }

    private static func place(of output: String?, in found: Attributions) throws -> Int {
        guard let output else { return 0 }
        guard let place = found.outputs.firstIndex(of: output) else {
            throw CommandStop.badInput(
                "--class: there is no \"\(output)\"; there are \(found.outputs.prefix(40).joined(separator: ", "))")
        }
        return place
    }

    private static func text(_ found: Attributions, output: Int) -> String {
        var table = TextTable(header: ["feature", "mean magnitude"])
        for (feature, mean) in found.importance(output: output) {
            table.add([ComparisonFormat.printable(feature), ComparisonFormat.number(mean)])
        }
        let scale =
            found.scale == .margin && found.outputs.count == 1
            ? "margin (log-odds of a binary model, a score of a ranking)" : found.scale.rawValue
        return "\(found.rowCount) rows, on the scale of the \(scale); \"\(found.outputs[output])\" from a base of "
            + "\(ComparisonFormat.number(found.base[output]))\n\n" + table.lines.joined(separator: "\n") + "\n"
    }

    private struct Row: Encodable {
        var base: Double
        var contributions: [String: Double]
        var sum: Double
    }

    private static func json(_ found: Attributions, output: Int) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try (0..<found.rowCount).map { row in
            let values = Array(found.contributions(row: row, output: output))
            let contributions = Dictionary(zip(found.features, values)) { one, _ in one }
            let line = Row(
                base: found.base[output], contributions: contributions, sum: found.total(row: row, output: output))
            return String(decoding: try encoder.encode(line), as: UTF8.self)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Summary, the first row's waterfall, and the dependence on the three most important features.
    private static func page(_ found: Attributions, _ table: Table, output: Int) throws(LearningError) -> String {
        let title = "What moves \"\(found.outputs[output])\""
        var pictures = [
            ExplanationPlots.summary(found, of: table, output: output),
            ExplanationPlots.waterfall(found, of: table, row: 0, output: output),
        ]
        // Of a feature without a column there is nothing to draw along.
        for (feature, _) in found.importance(output: output).prefix(3) where table[feature] != nil {
            pictures.append(try ExplanationPlots.dependence(found, of: table, feature: feature, output: output))
        }
        return HTMLPage.render(
            title: title, style: "body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; }",
            body: """
                <h1>\(ComparisonFormat.escaped(title))</h1>
                <p>\(found.rowCount) rows, on the scale of the \(found.scale.rawValue).</p>
                \(pictures.map { "<figure>\($0)</figure>" }.joined(separator: "\n"))
                """)
    }
}
