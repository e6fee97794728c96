import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// The statistics of whole rows: how often they speak up without drift (1,000 seeded simulations per cell, a tenth of
/// TIDEWATCH_SIMULATIONS), how often they see a drift that no column shows, what the agent's evidence adds up to, and their
/// speed next to NannyML's.
enum MultivariateSuite {
    static let sizes: [(reference: Int, window: Int)] = [(500, 200), (2_000, 500), (5_000, 1_000)]
    private static let levels = [0.05, 0.01, 0.001]

    @Sendable static func run() throws {
        var faults = size()
        power()
        faults += evidence()
        delays()
        faults += try speed()
        guard faults.isEmpty else { throw BenchmarkError(faults.joined(separator: "\n")) }
    }

    private static var simulations: Int { max(1, SizeSuite.simulations / 10) }

    /// The p-values of the three statistics, in the order of their cases.
    static func pValues(_ reference: MultivariateRows, _ window: MultivariateRows, seed: UInt64) -> [Double?] {
        let encoder = MultivariateEncoder(reference: reference)
        let classifier = try? BoostedDomainClassifier.compare(reference: reference, window: window, seed: seed)
        return [
            classifier?.pValue,
            PrincipalComponentReconstruction(encoder: encoder, reference: reference).compare(window).pValue,
            MaximumMeanDiscrepancy(encoder: encoder, reference: reference, seed: seed).compare(window).pValue,
        ]
    }

    private static func size() -> [String] {
        say("size: \(simulations) simulations per cell, 10 columns; ! above the 0.9999 quantile of the binomial")
        say("statistic".padded(22) + "stream".padded(12) + "rows".padded(16) + "  0.05    0.01    0.001")
        var faults: [String] = []
        for stream in MultivariateStream.allCases {
            for size in sizes {
                let found = Simulation.run(simulations, seed: 77) { chance, index in
                    pValues(
                        stream.rows(&chance, size.reference), stream.rows(&chance, size.window), seed: UInt64(index))
                }
                for (place, statistic) in MultivariateStatistic.allCases.enumerated() {
                    faults += show(
                        statistic, "\(stream.rawValue.padded(12))\("\(size.reference)/\(size.window)".padded(16))",
                        found.map { $0[place] })
                }
            }
        }
        return faults
    }

    private static func show(_ statistic: MultivariateStatistic, _ name: String, _ values: [Double?]) -> [String] {
        let judged = values.compactMap(\.self)
        var faults: [String] = []
        var line = statistic.rawValue.padded(22) + name
        for level in levels {
            let count = judged.count { $0 <= level }
            let isAbove = count > BinomialBand.largest(trials: judged.count, probability: level)
            line += String(format: " %.4f", Double(count) / Double(max(1, judged.count))) + (isAbove ? "!" : " ")
            if isAbove { faults.append("\(statistic.rawValue) \(name): \(count) of \(judged.count) at \(level)") }
        }
        say(line)
        if judged.count < values.count { faults.append("\(statistic.rawValue) \(name): a run without a p-value") }
        return faults
    }

    private static func power() {
        let runs = max(1, simulations / 5)
        say("power: share of \(runs) windows with p ≤ 0.05; reference 2,000 rows, window 500, 10 columns")
        say("drift".padded(44) + MultivariateStatistic.allCases.map { $0.rawValue.padded(22) }.joined())
        for drift in MultivariateDrift.allCases {
            let found = Simulation.run(runs, seed: 78) { chance, index in
                pValues(
                    drift.rows(&chance, 2_000, after: false), drift.rows(&chance, 500, after: true), seed: UInt64(index)
                )
            }
            let shares = MultivariateStatistic.allCases.indices.map { place in
                String(format: "%.3f", Double(found.count { ($0[place] ?? 1) <= 0.05 }) / Double(runs)).padded(22)
            }
            say(drift.rawValue.padded(44) + shares.joined())
        }
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

/// Rows without drift.
enum MultivariateStream: String, CaseIterable {
    case normal
    /// Log-normal and correlated numbers, categories, 5 % missing.
    case mixed

    func rows(_ chance: inout DriftStream, _ count: Int) -> MultivariateRows {
        switch self {
        case .normal: MultivariateRows(numbers: (0..<10).map { _ in chance.normals(count) })
        case .mixed: Self.mixed(&chance, count)
        }
    }

    private static func mixed(_ chance: inout DriftStream, _ count: Int) -> MultivariateRows {
        let common = chance.normals(count)
        var numbers = (0..<6).map { _ in zip(common, chance.normals(count)).map { 0.6 * $0 + 0.8 * $1 } }
        for column in 0..<3 { numbers[column] = numbers[column].map { exp(1.5 * $0) } }
        numbers[5] = numbers[5].map { chance.uniform() < 0.05 ? .nan : $0 }
        let categories = [3, 10, 50, 2].enumerated().map { place, kinds in
            let weights = (0..<kinds).map { 1 / Double($0 + 1) }
            let codes = chance.categories(count, weights: weights).map { Int32($0.dropFirst()) ?? 0 }
            return MultivariateRows.Column(
                name: "k\(place)", cells: .categories(codes: codes, names: (0..<kinds).map { "c\($0)" }))
        }
        return MultivariateRows(MultivariateRows(numbers: numbers).columns + categories)
    }
}

/// Ten normal columns, and what happens to them.
enum MultivariateDrift: String, CaseIterable {
    case weak = "correlation of two columns 0 → 0.3"
    case medium = "correlation of two columns 0 → 0.6"
    case flip = "correlation of two columns 0.6 → −0.6"
    case shift = "one mean +0.25 sd"
    case spread = "all variances × 1.2"

    func rows(_ chance: inout DriftStream, _ count: Int, after: Bool) -> MultivariateRows {
        var numbers = (0..<10).map { _ in chance.normals(count) }
        let correlation =
            switch self {
            case .weak: after ? 0.3 : 0
            case .medium: after ? 0.6 : 0
            case .flip: after ? -0.6 : 0.6
            case .shift, .spread: 0.0
            }
        let rest = (1 - correlation * correlation).squareRoot()
        for row in 0..<count { numbers[1][row] = correlation * numbers[0][row] + rest * numbers[1][row] }
        if after, self == .shift { numbers[0] = numbers[0].map { $0 + 0.25 } }
        if after, self == .spread { numbers = numbers.map { $0.map { 1.2.squareRoot() * $0 } } }
        return MultivariateRows(numbers: numbers)
    }
}
