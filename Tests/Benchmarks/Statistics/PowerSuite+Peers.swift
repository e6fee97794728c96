import Foundation
import TidewatchTestKit

extension PowerSuite {
    /// Repetitions of the drift, and of the quiet streams that the peers' thresholds are tuned on.
    private static let repetitions = 20
    private static let quietReferences = 20
    private static let quietPanesEach = 50

    /// Evidently's tests, and river's and frouros' detectors on the panes' means, on panes drawn in the same way; their
    /// thresholds are the best ones that stay silent on 1,000 quiet panes, twenty references with fifty panes each. That
    /// is more than twenty times the false alarms that Tidewatch was granted.
    static func comparePeers(_ scenario: PowerScenario, own: Double, _ broken: inout [String]) throws {
        guard ProcessInfo.processInfo.environment["TIDEWATCH_PEERS_PYTHON"] != nil else { return }
        var data = Data()
        func append(_ values: [Double]) { values.withUnsafeBytes { data.append(contentsOf: $0) } }
        var stream = DriftStream(seed: 99)
        for _ in 0..<quietReferences {
            append(scenario.values(scenario.rows, drifted: nil, &stream))
            for _ in 0..<quietPanesEach { append(scenario.values(scenario.pane, drifted: nil, &stream)) }
        }
        for _ in 0..<repetitions {
            let sample = scenario.sample(&stream)
            append(sample.reference)
            sample.panes.forEach(append)
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "tidewatch-power.bin")
        try data.write(to: file)
        let output = try Peers.run(
            script: "tuned_tests.py",
            arguments: [
                file.path(), scenario.weights.isEmpty ? "num" : "cat",
            ]
                + [
                    scenario.rows, scenario.pane, quietReferences, quietPanesEach, repetitions,
                    PowerScenario.quietPanes, PowerScenario.driftedPanes,
                ].map(String.init))
        try FileManager.default.removeItem(at: file)
        for line in (output ?? "").split(separator: "\n") {
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count == 2, let delay = Double(fields[1]) else { continue }
            print(pad("    \(fields[0])", 44) + String(format: "%8.0f", delay))
            // Half a pane is the error of a median of twenty.
            if fields[0].hasPrefix("evidently"), delay < own - 0.5 {
                broken.append("\(scenario.name): \(fields[0]) needs \(delay) panes, Tidewatch \(own)")
            }
        }
    }
}
