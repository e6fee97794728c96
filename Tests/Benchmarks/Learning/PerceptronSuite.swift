import BenchmarkPeers
import Foundation
import Learning
import Statistics
import Synchronization
import TidewatchTestKit

/// CPU seconds of one thread per epoch of a perceptron (128-64, batch norm, dropout, embeddings; batches of 256) on a table
/// of the size of the adult census, and of PyTorch with the same layers and the same numbers already in its memory.
enum PerceptronSuite {
    private static let rows = 48_842
    private static let numeric = 6
    /// Categories per column, as the census has them.
    private static let categories = [9, 16, 7, 15, 6, 5, 2, 42]
    private static let epochs = 6
    /// How many times PyTorch's time an epoch may take.
    private static let promise = 1.5

    @Sendable static func run() throws {
        let data = Columns()
        let times = Mutex([ProcessorTime.now()])
        let control = TrainingControl(progress: { _, _ in times.withLock { $0.append(ProcessorTime.now()) } })
        var parameters = PerceptronParameters()
        parameters.epochs = epochs
        parameters.validationShare = 0
        let table = try data.table()
        let model = try PerceptronLearner(parameters: parameters).fitPerceptron(
            table, problem: LearningProblem(task: .binary(positive: "1"), target: "label"), control: control)
        // The first epoch comes with the encoding of the table.
        let seconds = times.withLock { times in zip(times.dropFirst(2), times.dropFirst(1)).map { $0 - $1 } }
        let own = seconds.sorted()[seconds.count / 2]
        let loss = model.losses.last?.training ?? .nan
        print("Tidewatch, per epoch".padded(44) + String(format: "%9.3f s   loss %.4f", own, loss))
        let scoring = ProcessorTime.seconds { _ = model.predict(table) }
        print("Tidewatch, scoring".padded(44) + String(format: "%9.0f rows/s", Double(rows) / scoring))
        let single = (0..<500).map { table.rows($0..<($0 + 1)) }
        let one = ProcessorTime.seconds { for row in single { _ = model.predict(row) } } / Double(single.count)
        print("Tidewatch, scoring one row".padded(44) + String(format: "%9.1f µs", one * 1e6))
        let output = try BenchmarkFolder.with { folder in
            try data.write(folder)
            return try Peers.run(
                script: "perceptron.py",
                arguments: [folder.path(), "\(rows)", "\(numeric)", "\(epochs)"] + categories.map { "\($0)" },
                libraries: .perceptron)
        }
        guard let output else { return }
        let figures = BenchmarkFolder.figures(output)
        guard let peer = figures["seconds"] else { throw BenchmarkError("perceptron.py printed no seconds") }
        print(
            "PyTorch, per epoch".padded(44)
                + String(format: "%9.3f s   loss %.4f %8.2f×", peer, figures["loss"] ?? .nan, peer / own))
        guard own <= promise * peer else {
            throw BenchmarkError("an epoch took \(own) s, more than \(promise) times PyTorch's \(peer) s")
        }
    }

    /// Six normal columns and eight of categories, of which a label follows with noise.
    private struct Columns {
        var numbers: [[Double]]
        var codes: [[Int32]]
        var labels: [Float]

        init() {
            var stream = SplitMix(seed: 7)
            numbers = (0..<numeric).map { _ in (0..<rows).map { _ in stream.normal() } }
            codes = categories.map { count in
                (0..<rows).map { _ in Int32(min(Int(abs(stream.normal()) * Double(count) / 3), count - 1)) }
            }
            labels = []
            for row in 0..<rows {
                let score = numbers[0][row] + numbers[1][row] * numbers[2][row] + (codes[1][row] % 2 == 0 ? 1 : -1)
                labels.append(score + stream.normal() > 0 ? 1 : 0)
            }
        }

        func table() throws -> Table {
            let numeric = numbers.enumerated().map { TableColumn(name: "x\($0.offset)", numbers: $0.element) }
            let categorical = zip(codes, categories).enumerated().map { index, column in
                TableColumn(
                    name: "c\(index)",
                    values: .categorical(codes: column.0, categories: (0..<column.1).map { "v\($0)" }))
            }
            let label = TableColumn(name: "label", numbers: labels.map { Double($0) })
            return try Table(columns: numeric + categorical + [label])
        }

        /// Column after column: float32, int32, float32.
        func write(_ folder: URL) throws {
            let floats = numbers.joined().map { Float($0) }
            try floats.withUnsafeBytes { Data($0) }.write(to: folder.appending(path: "numbers"))
            try Array(codes.joined()).withUnsafeBytes { Data($0) }.write(to: folder.appending(path: "codes"))
            try labels.withUnsafeBytes { Data($0) }.write(to: folder.appending(path: "labels"))
        }
    }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(width - count, 1)) }
}
