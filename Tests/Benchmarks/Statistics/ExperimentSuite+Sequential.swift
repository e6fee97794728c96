import Statistics
import TidewatchTestKit

extension ExperimentSuite {
    static let runs = 2_000
    static let observations = 10_000

    /// Every observation past the burn-in is a look. Whether the true difference is left out at any of them.
    static func peeking(_ table: inout RejectionTable) {
        let sequence = ConfidenceSequence(alpha: alpha)
        let looks = "each to \(observations)"
        for (index, stream) in (ExperimentStream.undisturbed + ExperimentStream.shifted).enumerated() {
            let test = MixtureTest(tau: stream.tau, alpha: alpha)
            let outside = Simulation.run(runs, seed: UInt64(100 + index)) { random, _ in
                var missed = (false, false)
                _ = stream.run(&random, count: observations) { control, treatment in
                    missed.0 = missed.0 || !test.effect(control: control, treatment: treatment).keeps(stream)
                    missed.1 = missed.1 || !sequence.effect(control: control, treatment: treatment).keeps(stream)
                    return missed.0 && missed.1
                }
                return missed
            }
            let kind = stream.difference == 0 ? stream.name : stream.name + " (coverage)"
            table.promise(
                "mSPRT", kind, looks: looks, rejected: outside.count(where: \.0), of: runs, limit: alpha)
            table.promise(
                "confidence sequence", kind, looks: looks, rejected: outside.count(where: \.1), of: runs,
                limit: alpha)
        }
    }

    /// Five looks, each spending family.
    static func groupSequential(_ table: inout RejectionTable) {
        let looks: [Int64] = [1_000, 2_000, 3_000, 4_000, 5_000]
        for (family, spending) in [AlphaSpending.obrienFleming, .pocock, .power(2)].enumerated() {
            let test = GroupSequentialTest(looks: looks, alpha: alpha, spending: spending)
            let bounds = test.bounds()
            for (index, stream) in ExperimentStream.undisturbed.enumerated() {
                let rejected = Simulation.run(2 * runs, seed: UInt64(200 + 10 * family + index)) { random, _ in
                    stream.run(&random, count: Int(looks[looks.count - 1])) { control, treatment in
                        let count = control.count + treatment.count
                        guard count % 1_000 == 0, let look = test.look(reachedBy: count),
                            BurnIn().isOver(control, treatment)
                        else { return false }
                        let z = MeanDifference.welch(control: control, treatment: treatment).statistic ?? 0
                        return z.magnitude > bounds[look]
                    }
                }
                table.promise(
                    "group-sequential \(spending.name)", stream.name, looks: "5 of 1,000",
                    rejected: rejected.count { $0 }, of: 2 * runs, limit: alpha)
            }
        }
    }

    /// How many observations an effect costs: the price of looking whenever one likes.
    static func speed() {
        let stream = ExperimentStream.shifted[0]
        let fixed = 2 * (ProportionPower.sampleSize(control: 0.10, treatment: 0.12) ?? 0)
        let end = Int(fixed * 1.05)
        let looks = (1...5).map { Int64($0 * end / 5) }
        let grouped = GroupSequentialTest(looks: looks, alpha: alpha)
        let bounds = grouped.bounds()
        let sequence = ConfidenceSequence(alpha: alpha)
        let mixture = MixtureTest(tau: stream.tau, alpha: alpha)
        let found = Simulation.run(500, seed: 300) { random, _ in
            var counts: [Int64?] = [nil, nil, nil]
            _ = stream.run(&random, count: 6 * end) { control, treatment in
                let count = control.count + treatment.count
                if looks.contains(count), counts[0] == nil, let look = grouped.look(reachedBy: count) {
                    let z = MeanDifference.welch(control: control, treatment: treatment).statistic ?? 0
                    if z.magnitude > bounds[look] { counts[0] = count }
                }
                if counts[1] == nil, mixture.effect(control: control, treatment: treatment).isSignificant {
                    counts[1] = count
                }
                if counts[2] == nil, sequence.effect(control: control, treatment: treatment).isSignificant {
                    counts[2] = count
                }
                return counts[1] != nil && counts[2] != nil && count >= Int64(end)
            }
            return counts
        }
        print("\nobservations until 0.10 → 0.12 is found (fixed horizon, power 0.8: \(Int(fixed)))")
        for (index, name) in ["group-sequential O'Brien–Fleming", "mSPRT", "confidence sequence"].enumerated() {
            let counts = found.map { $0[index] ?? .max }.sorted()
            let median = counts[counts.count / 2]
            let most = counts[counts.count * 4 / 5]
            let power = Double(counts.count { $0 != .max }) / Double(counts.count)
            print("\(name): median \(median), 80 % by \(most), found by \(index == 0 ? end : 6 * end): \(power)")
        }
    }
}

extension ExperimentEffect {
    /// Whether the interval holds the true difference; an interval that does not exist (yet) leaves nothing out.
    fileprivate func keeps(_ stream: ExperimentStream) -> Bool {
        guard status == .ok, let low, let high else { return true }
        return low <= stream.difference && stream.difference <= high
    }

    fileprivate var isSignificant: Bool {
        guard status == .ok, let low, let high else { return false }
        return low > 0 || high < 0
    }
}
