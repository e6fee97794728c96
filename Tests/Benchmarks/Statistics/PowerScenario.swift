import Detection
import Foundation
import Statistics
import TidewatchTestKit

/// A drift of a stated size in one column of thirty, the others being quiet.
struct PowerScenario: Sendable {
    var name: String
    var rows: Int
    var pane: Int
    /// Weights of the categories before; empty for a normal column.
    var weights: [Double] = []
    /// Values of the drifted pane with this number, counted from 0.
    var shift: @Sendable (Int) -> Double = { _ in 0 }
    var deviation = 1.0
    var later: [Double]?

    static let quietPanes = 24
    static let driftedPanes = 60

    static let all: [PowerScenario] = [(5_000, 200), (5_000, 1_000), (50_000, 1_000)].flatMap { rows, pane in
        let tail = "m = \(rows), n = \(pane)"
        func shift(_ size: Double) -> PowerScenario {
            PowerScenario(name: "mean + \(size) sd, \(tail)", rows: rows, pane: pane, shift: { _ in size })
        }
        return (rows == 50_000 ? [shift(0.1)] : []) + [
            shift(0.25), shift(0.5),
            PowerScenario(name: "variance x 1.5, \(tail)", rows: rows, pane: pane, deviation: 1.5.squareRoot()),
            PowerScenario(
                name: "0.5 sd within 20 panes, \(tail)", rows: rows, pane: pane,
                shift: { 0.5 * min(1, Double($0 + 1) / 20) }),
            PowerScenario(
                name: "category + 5 points, \(tail)", rows: rows, pane: pane, weights: [50, 30, 20],
                later: [46.875, 28.125, 25]),
        ]
    }

    /// Values of a pane; category numbers for categories.
    func values(_ count: Int, drifted number: Int?, _ stream: inout DriftStream) -> [Double] {
        guard !weights.isEmpty else {
            return stream.normals(
                count, mean: number.map(shift) ?? 0, deviation: number == nil ? 1 : deviation)
        }
        let sampler = CellSampler(number == nil ? weights : later ?? weights)
        var generator = SeededGenerator(seed: UInt64(stream.uniform() * 0x1p60))
        return (0..<count).map { _ in Double(sampler.draw(&generator)) }
    }

    /// One repetition: a reference, quiet panes, drifted panes.
    func sample(_ stream: inout DriftStream) -> (reference: [Double], panes: [[Double]]) {
        let reference = values(rows, drifted: nil, &stream)
        var panes: [[Double]] = []
        for _ in 0..<Self.quietPanes { panes.append(values(pane, drifted: nil, &stream)) }
        for number in 0..<Self.driftedPanes { panes.append(values(pane, drifted: number, &stream)) }
        return (reference, panes)
    }

    /// The number of the first pane with an alarm, counted from 0, among these; and the effect stated before.
    func firstAlarm(_ sample: (reference: [Double], panes: [[Double]])) -> (pane: Int?, detectable: DetectableEffect?) {
        let column: ReferenceBuilder.ColumnValues =
            weights.isEmpty ? .numeric(sample.reference) : .categorical(sample.reference.map { "c\(Int($0))" })
        let reference = ReferenceBuilder.build(columns: [(name: "x", values: column)])
        let encoder = ReferenceEncoder(reference)
        let budget = FalseAlarmBudget(count: 1, periodMicroseconds: 30 * 24 * BenchmarkScale.hour)
        var detector = CalibratedDriftDetector(
            model: "m", version: "1", settings: DriftDetectorSettings(budget: budget), reference: reference)
        var detectable: DetectableEffect?
        let counter = PaneAccumulator(encoder: encoder)
        for (hour, values) in sample.panes.enumerated() {
            counter.reset()
            for value in values {
                counter.events += 1
                if weights.isEmpty {
                    counter.add(numeric: value, column: 0)
                } else {
                    var text = "c\(Int(value))"
                    text.withUTF8 { counter.add(category: UnsafeRawBufferPointer($0), column: 0) }
                }
            }
            let start = Int64(hour) * BenchmarkScale.hour
            // One column of thirty has a thirtieth of the budget.
            let verdicts = detector.judge(
                pane: DriftWindow(
                    startMicroseconds: start, endMicroseconds: start + BenchmarkScale.hour, summary: counter.summary()),
                reference: reference, share: 1.0 / 30)
            detectable = verdicts.first?.evidence?.detectable ?? detectable
            if verdicts.first?.status == .drift { return (hour, detectable) }
        }
        return (nil, detectable)
    }
}
