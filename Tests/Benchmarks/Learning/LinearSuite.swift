import BenchmarkPeers
import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// CPU seconds of linear models on 50,000 rows of 60 columns, and of scikit-learn's on the same numbers: ours to a slope of
/// 10⁻⁸ per row, scikit-learn's to its default tolerance and to 10⁻⁸. The objectives are the same.
enum LinearSuite {
    private static let rows = 50_000
    private static let columns = 60

    @Sendable static func run() throws {
        var stream = SplitMix(seed: 21)
        // Neighbours are correlated.
        var matrix = (0..<columns).map { _ in (0..<rows).map { _ in stream.normal() } }
        for column in 1..<columns {
            for row in 0..<rows { matrix[column][row] = 0.6 * matrix[column - 1][row] + 0.8 * matrix[column][row] }
        }
        var scores = [Double](repeating: 0, count: rows)
        for column in stride(from: 0, to: columns, by: 6) {
            let slope = column % 12 == 0 ? 0.5 : -0.5
            for row in 0..<rows { scores[row] += slope * matrix[column][row] }
        }
        let amounts = scores.map { 3 * $0 + stream.normal() }
        let labels = scores.map { $0 + stream.normal() > 0 ? 1.0 : 0 }
        let kinds = scores.map { score -> Double in
            let level = (score + stream.normal() + 2).rounded(.down)
            return min(max(level, 0), 3)
        }
        var table = matrix.enumerated().map { TableColumn(name: "x\($0.offset)", numbers: $0.element) }
        for (name, numbers) in [("amount", amounts), ("label", labels), ("kind", kinds)] {
            table.append(TableColumn(name: name, numbers: numbers))
        }
        let own = try measure(Table(columns: table))
        let output = try BenchmarkFolder.with { folder in
            let data = (matrix + [amounts, labels, kinds]).reduce(into: Data()) { data, column in
                column.withUnsafeBytes { data.append(contentsOf: $0) }
            }
            try data.write(to: folder.appending(path: "table"))
            return try Peers.run(
                script: "linear.py", arguments: [folder.appending(path: "table").path(), "\(rows)", "\(columns)"],
                libraries: .learning)
        }
        print("".padded(28) + "Tidewatch   scikit-learn          to 1e-8")
        let peers = output.map(BenchmarkFolder.figures) ?? [:]
        for (name, seconds) in own {
            let found = [name, name + ", 1e-8"].compactMap { peers[$0] }
            let columns = found.map { String(format: "%9.3f s %5.1f×", $0, $0 / seconds) }.joined()
            print(name.padded(28) + String(format: "%7.3f s", seconds) + columns)
        }
    }

    private static func measure(_ table: Table) throws -> [(name: String, seconds: Double)] {
        let classes = ModelTask.multiclass(classes: ["0", "1", "2", "3"])
        let cases: [(String, String, ModelTask, LinearParameters)] = [
            ("ridge", "amount", .regression, LinearParameters(alpha: 1.0 / Double(rows))),
            ("elastic net", "amount", .regression, LinearParameters(alpha: 0.01, l1Ratio: 0.5)),
            ("logistic, ridge", "label", .binary(positive: "1"), LinearParameters()),
            ("logistic, lasso", "label", .binary(positive: "1"), LinearParameters(inverseStrength: 0.01, l1Ratio: 1)),
            ("multinomial, ridge", "kind", classes, LinearParameters()),
            ("multinomial, lasso", "kind", classes, LinearParameters(inverseStrength: 0.01, l1Ratio: 1)),
        ]
        let features = (0..<columns).map { "x\($0)" }
        return try cases.map { name, target, task, parameters in
            let problem = LearningProblem(task: task, target: target, features: features)
            let seconds = try ProcessorTime.seconds {
                let model = try LinearLearner(parameters: parameters).fitLinear(table, problem: problem)
                guard model.convergence.isConverged else { throw BenchmarkError("\(name) did not converge") }
            }
            return (name, seconds)
        }
    }
}
