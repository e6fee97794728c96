import BenchmarkPeers
import Foundation
import TidewatchTestKit

extension PowerSuite {
    /// Repetitions of the drift.
    private static let repetitions = 40
    private static let quietPanesEach = 300

    /// Evidently's tests, and river's and frouros' detectors on the panes' means, on the same panes as Tidewatch; their
    /// limits are the best ones that stay silent on quiet panes: 21,600 of them on 72 references, the run length that the
    /// budget asks of Tidewatch for one column of 30.
    ///
    /// Compared by the mean delay: the delays of a test with a fixed limit are geometric, and their median flatters it.
    static func comparePeers(_ scenario: PowerScenario, limits: URL, _ broken: inout [String]) throws {
        guard ProcessInfo.processInfo.environment["TIDEWATCH_PEERS_PYTHON"] != nil else { return }
        let kind = scenario.weights.isEmpty ? "num" : "cat"
        let known = limits.appending(path: "\(kind)-\(scenario.rows)-\(scenario.pane).json")
        let references = FileManager.default.fileExists(atPath: known.path()) ? 0 : BenchmarkScale.runs(72)
        var data = Data()
        func append(_ values: [Double]) { values.withUnsafeBytes { data.append(contentsOf: $0) } }
        var stream = DriftStream(seed: 99)
        for _ in 0..<references {
            append(scenario.values(scenario.rows, drifted: nil, &stream))
            for _ in 0..<quietPanesEach { append(scenario.values(scenario.pane, drifted: nil, &stream)) }
        }
        var own: [Double] = []
        for _ in 0..<repetitions {
            let sample = scenario.sample(&stream)
            append(sample.reference)
            sample.panes.forEach(append)
            let place = scenario.firstAlarm(sample).pane.map { $0 - PowerScenario.quietPanes + 1 }
            own.append(Double(min(PowerScenario.driftedPanes, max(1, place ?? .max))))
        }
        let ownMean = own.reduce(0, +) / Double(own.count)
        print(pad("    tidewatch, same panes", 44) + String(format: "%8.0f   mean %5.1f", middle(own), ownMean))
        let file = limits.appending(path: "panes.bin")
        try data.write(to: file)
        let numbers = [
            scenario.rows, scenario.pane, references, quietPanesEach, repetitions, PowerScenario.quietPanes,
            PowerScenario.driftedPanes,
        ]
        let output = try Peers.run(
            script: "tuned_tests.py", arguments: [file.path(), known.path(), kind] + numbers.map(String.init))
        for line in (output ?? "").split(separator: "\n") {
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count == 3, let median = Double(fields[1]), let mean = Double(fields[2]) else { continue }
            print(pad("    \(fields[0])", 44) + String(format: "%8.0f   mean %5.1f", median, mean))
            // A tenth and half a pane: the error of a mean of forty.
            if ownMean > mean * 1.1 + 0.5 {
                broken.append("\(scenario.name): \(fields[0]) needs \(mean) panes, Tidewatch \(ownMean)")
            }
        }
    }

    private static func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
