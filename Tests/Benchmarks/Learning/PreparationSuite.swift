import BenchmarkPeers
import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// CPU seconds to fit a preparation on 1 million × 30 and to apply it: half the columns numeric (median, then unit
/// spread), half categorical (most frequent, then one-hot), a tenth of the cells missing; and scikit-learn's
/// `ColumnTransformer` with the same steps on the same cells in the same run.
enum PreparationSuite {
    static let rows = 1_000_000
    static let numericColumns = 15
    /// Categories of each categorical column.
    static let cardinalities = [2, 3, 3, 4, 5, 5, 6, 8, 8, 10, 12, 15, 20, 30, 40]
    /// How many times scikit-learn's time ours must fit into.
    static let promise = 3.0

    @Sendable static func run() throws {
        let table = try makeTable()
        let problem = LearningProblem(task: .regression, target: "none")
        let preparation = Preparation(steps: [
            .impute(Imputation(columns: .numeric, strategy: .median)),
            .scale(Scaling(columns: .numeric, method: .standard)),
            .impute(Imputation(columns: .categorical, strategy: .mostFrequent)),
            .encode(CategoryEncoding(method: .oneHot(maximumCategories: 100))),
        ])
        var fitting = Double.infinity
        var applying = Double.infinity
        var checksum = Checksum()
        // The quickest of three: the others share the machine with somebody.
        for _ in 0..<3 {
            var fitted: FittedPreparation?
            fitting = min(
                fitting,
                try ProcessorTime.seconds {
                    let found = try preparation.fit(table, problem: problem, seed: 1)
                    fitted = found.fitted
                })
            guard let fitted else { throw BenchmarkError("nothing was fitted") }
            var prepared: Table?
            applying = min(applying, try ProcessorTime.seconds { prepared = try fitted.apply(table) })
            guard let prepared else { throw BenchmarkError("nothing was prepared") }
            checksum = Checksum(prepared)
        }
        print("columns made, sum of all cells: \(checksum.columns), \(checksum.sum)")
        line("Tidewatch", fitting, applying, own: fitting)
        try peers(table, fitting: fitting, checksum: checksum)
    }

    private static func makeTable() throws -> Table {
        var stream = DriftStream(seed: 5_005)
        var columns: [TableColumn] = []
        for index in 0..<numericColumns {
            let shifted = stream.normals(rows, mean: Double(index) * 10, deviation: 1 + Double(index))
            columns.append(TableColumn(name: "n\(index)", numbers: shifted.map { stream.uniform() < 0.1 ? .nan : $0 }))
        }
        for (index, count) in cardinalities.enumerated() {
            let categories = (0..<count).map { "category \($0)" }
            // Skewed: the square of a uniform number.
            let codes = (0..<rows).map { _ -> Int32 in
                let place = stream.uniform()
                return stream.uniform() < 0.1 ? -1 : Int32(min(Double(count) - 1, place * place * Double(count)))
            }
            columns.append(TableColumn(name: "c\(index)", values: .categorical(codes: codes, categories: categories)))
        }
        return try Table(columns: columns)
    }

    /// What both must agree on: the columns made and the sum of their cells (of the scaled ones, the squares).
    private struct Checksum {
        var columns = 0
        var sum = 0.0

        init() {}

        init(_ table: Table) {
            columns = table.columns.count
            for column in table.columns {
                switch column.values {
                case .numeric(let numbers): sum += numbers.reduce(0) { $0 + $1 * $1 }
                case .boolean(let flags): sum += Double(flags.reduce(0) { $0 + Int($1) })
                case .categorical: sum = .nan
                }
            }
        }
    }

    private static func peers(_ table: Table, fitting: Double, checksum: Checksum) throws {
        let folder = URL.temporaryDirectory.appending(
            path: "tidewatch-preparation-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for column in table.columns {
            let file = folder.appending(path: column.name)
            switch column.values {
            case .numeric(let numbers): try numbers.withUnsafeBytes { try Data($0).write(to: file) }
            case .categorical(let codes, _): try codes.withUnsafeBytes { try Data($0).write(to: file) }
            case .boolean: throw BenchmarkError("there are no boolean columns")
            }
        }
        let arguments = [folder.path(), "\(numericColumns)", "\(cardinalities.count)"]
        let ran = Result { try Peers.run(script: "preparation.py", arguments: arguments, libraries: .learning) }
        try FileManager.default.removeItem(at: folder)
        guard let output = try ran.get() else { return }
        for text in output.split(separator: "\n") {
            let parts = text.split(separator: "\t")
            guard parts.count == 5, let fit = Double(parts[1]), let apply = Double(parts[2]) else { continue }
            line(String(parts[0]), fit, apply, own: fitting)
            guard Int(parts[3]) == checksum.columns, let sum = Double(parts[4]),
                abs(sum - checksum.sum) < 1e-6 * checksum.sum
            else { throw BenchmarkError("\(parts[0]) makes \(parts[3]) columns with the sum \(parts[4])") }
            guard fit >= promise * fitting else {
                throw BenchmarkError("fitting took \(fitting) s, \(parts[0]) \(fit) s: less than \(promise) times ours")
            }
        }
    }

    private static func line(_ name: String, _ fitting: Double, _ applying: Double, own: Double) {
        let title = name.padding(toLength: 44, withPad: " ", startingAt: 0)
        let seconds = String(format: "fit and prepare %7.2f s   prepare again %7.2f s", fitting, applying)
        print(title + seconds + String(format: " %6.1f×", fitting / own))
    }
}
