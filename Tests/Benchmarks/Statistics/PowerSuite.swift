import Detection
import Foundation
import Statistics
import TidewatchTestKit

/// How long drift of a stated size stays unseen, and whether the detectable effects that verdicts state are true.
enum PowerSuite {
    static func run() throws {
        print("median delay in panes; one column of 30, budget 1 per month")
        print(pad("drift", 44) + "   panes  found  early  stated detectable effect")
        var broken: [String] = []
        let limits = FileManager.default.temporaryDirectory.appending(path: "tidewatch-power-\(getpid())")
        try FileManager.default.createDirectory(at: limits, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: limits) } catch { print("left behind: \(limits.path())") }
        }
        for scenario in PowerScenario.all {
            let own = delays(scenario, repetitions: BenchmarkScale.runs(60))
            print(
                pad(scenario.name, 44)
                    + String(format: "%8@ %5.0f %% %6d  ", median(own.delays) as NSString, own.found * 100, own.early)
                    + own.effect)
            let limit = scenario.name.hasPrefix("mean + 0.5") ? 3.0 : 40
            if own.delays.sorted()[own.delays.count / 2] > limit { broken.append("\(scenario.name) takes too long") }
            try comparePeers(scenario, limits: limits, &broken)
        }
        try statedEffects(&broken)
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    private struct Delays {
        /// Panes from the beginning of the drift to the alarm, 1 for its first pane; ∞ for none.
        var delays: [Double]
        var found: Double
        /// Alarms before the drift.
        var early: Int
        var effect: String
    }

    private static func delays(_ scenario: PowerScenario, repetitions: Int) -> Delays {
        let seed = UInt64(scenario.rows + scenario.pane)
        let alarms = Simulation.run(repetitions, seed: seed) { stream, _ in
            let found = scenario.firstAlarm(scenario.sample(&stream))
            return (found.pane, found.detectable)
        }
        let early = alarms.count { ($0.0 ?? .max) < PowerScenario.quietPanes }
        let delays = alarms.compactMap { alarm -> Double? in
            guard let pane = alarm.0 else { return .infinity }
            return pane < PowerScenario.quietPanes ? nil : Double(pane - PowerScenario.quietPanes + 1)
        }
        return Delays(
            delays: delays, found: Double(delays.count(where: \.isFinite)) / Double(max(1, delays.count)), early: early,
            effect: alarms.first?.1.map(describe) ?? "none")
    }

    /// A shift of the stated size is found within 24 panes in half of the cases or more.
    private static func statedEffects(_ broken: inout [String]) throws {
        print("stated detectable effects, tried: share found within 24 panes (promised: at least 50 %)")
        for (rows, pane) in [(1_000, 200), (1_000, 1_000), (5_000, 200), (5_000, 5_000), (50_000, 1_000)] {
            for kind in [NullKind.normal, .logNormal, .three] {
                let quiet = PowerScenario(name: "", rows: rows, pane: pane, weights: kind.weights)
                let found = Simulation.run(BenchmarkScale.runs(60), seed: UInt64(rows * 3 + pane)) {
                    stream, _ -> Bool? in
                    trial(kind, quiet, &stream)
                }
                let known = found.compactMap(\.self)
                let share = Double(known.count { $0 }) / Double(max(1, known.count))
                print(
                    pad("  \(kind.rawValue), m = \(rows), n = \(pane)", 44)
                        + (known.isEmpty ? "  nothing detectable" : String(format: "%6.0f %%", share * 100)))
                // 50 % less three standard errors of the trials.
                if !known.isEmpty, share < 0.5 - 1.5 / Double(known.count).squareRoot() {
                    broken.append("\(kind.rawValue), m = \(rows), n = \(pane): the stated effect is not found")
                }
            }
        }
    }

    private static func trial(_ kind: NullKind, _ quiet: PowerScenario, _ stream: inout DriftStream) -> Bool? {
        func values(_ count: Int, _ stream: inout DriftStream) -> [Double] {
            guard case .numeric(let numbers) = kind.values(count, &stream) else {
                return quiet.values(count, drifted: nil, &stream)
            }
            return numbers
        }
        let reference = values(quiet.rows, &stream)
        let stated = quiet.firstAlarm((reference, [values(quiet.pane, &stream)])).detectable
        switch stated {
        case .shift(let size)?:
            let mean = reference.reduce(0, +) / Double(reference.count)
            let squares = reference.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let move = size * (squares / Double(reference.count)).squareRoot()
            let panes = (0..<24).map { _ in values(quiet.pane, &stream).map { $0 + move } }
            return quiet.firstAlarm((reference, panes)).pane != nil
        case .share(let size)?:
            var moved = quiet
            let total = quiet.weights.reduce(0, +)
            let shares = quiet.weights.map { $0 / total }
            moved.later = shares.enumerated().map { index, share in
                index == 0 ? share + size : share * (1 - shares[0] - size) / (1 - shares[0])
            }
            let panes = (0..<24).map { moved.values(quiet.pane, drifted: $0, &stream) }
            return quiet.firstAlarm((reference, panes)).pane != nil
        case nil: return nil
        }
    }

    static func median(_ delays: [Double]) -> String {
        let value = delays.sorted()[delays.count / 2]
        return value.isFinite ? String(format: "%.0f", value) : "never"
    }

    private static func describe(_ effect: DetectableEffect) -> String {
        switch effect {
        case .shift(let deviations): String(format: "%.3f sd", deviations)
        case .share(let share): String(format: "%.1f points", share * 100)
        }
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text.padding(toLength: width, withPad: " ", startingAt: 0)
    }
}
