import Foundation
import Learning
import Statistics
import Synchronization
import TidewatchTestKit

/// A file that lives as long as the call.
func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("learning-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    return try body(path)
}

func readTable(_ text: String, maximumRows: Int = 1_000_000) throws -> Table {
    try withFile(text) { try Table.read(path: $0, maximumRows: maximumRows) }
}

/// The folder of real data sets, if there is one.
let dataFolder = ProcessInfo.processInfo.environment["TIDEWATCH_DATA"]

func realTable(_ name: String) throws -> Table {
    try Table.read(path: (dataFolder ?? "") + "/" + name + ".csv.gz")
}

/// Two numbers in [-1, 1]; the label is whether their signs differ, which no single split can tell.
func exclusiveOr(rows: Int, seed: UInt64) throws -> Table {
    var generator = SeededGenerator(seed: seed)
    var first: [Double] = []
    var second: [Double] = []
    var labels: [String?] = []
    for _ in 0..<rows {
        let (a, b) = (Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator))
        first.append(a)
        second.append(b)
        labels.append((a > 0) != (b > 0) ? "yes" : "no")
    }
    return try Table(columns: [
        TableColumn(name: "a", numbers: first), TableColumn(name: "b", numbers: second),
        TableColumn(name: "label", texts: labels),
    ])
}

let yes = ModelTask.binary(positive: "yes")

func small(_ rounds: Int = 30, depth: Int = 4) -> BoostingParameters {
    BoostingParameters(rounds: rounds, learningRate: 0.3, maximumDepth: depth)
}

func learningError(_ body: () throws -> Void) -> LearningError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LearningError
    }
}

/// A golden value beside the script that made it.
func fixture(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/" + path)
}

/// A training that is cancelled when it asks for the given time.
func cancelled(at check: Int) -> TrainingControl {
    let checks = CancelCounter()
    return TrainingControl(isCancelled: { checks.next() >= check })
}

private final class CancelCounter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
