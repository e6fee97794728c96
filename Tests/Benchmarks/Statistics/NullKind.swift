import Foundation
import Statistics
import TidewatchTestKit

/// A kind of column whose events are independent and never change.
enum NullKind: String, CaseIterable {
    case normal
    case logNormal = "log-normal 1.5"
    case studentT = "t, df 2"
    case ties
    case three = "3 categories"
    case ten = "10 categories"
    case fifty = "50 categories"
    case zipf = "2,000, Zipf"
    case equal = "2,000, equal"
    case missing = "5 % missing"

    /// Of the categories; empty for numbers.
    var weights: [Double] {
        switch self {
        case .three: [5, 3, 2]
        case .ten: [Double](repeating: 1, count: 10)
        case .fifty: (1...50).map { Double($0) }
        case .zipf: (1...2_000).map { 1 / Double($0) }
        case .equal: [Double](repeating: 1, count: 2_000)
        default: []
        }
    }

    /// P(X < x).
    func below(_ x: Double) -> Double {
        func normal(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
        return switch self {
        case .logNormal: x <= 0 ? 0 : normal(log(x) / 1.5)
        case .studentT: 0.5 + x / (2 * (2 + x * x).squareRoot())
        case .ties: normal((x.rounded(.up) - 0.5) / 2)
        default: normal(x)
        }
    }

    func values(_ count: Int, _ stream: inout DriftStream) -> ReferenceBuilder.ColumnValues {
        let weights = weights
        if !weights.isEmpty {
            let sampler = CellSampler(weights)
            var generator = SeededGenerator(seed: UInt64(stream.uniform() * 0x1p60))
            return .categorical((0..<count).map { _ in "c\(sampler.draw(&generator))" })
        }
        return .numeric(
            (0..<count).map { _ in
                let z = stream.normal()
                switch self {
                case .logNormal: return exp(1.5 * z)
                case .studentT: return z / (-log(stream.uniform())).squareRoot()
                case .ties: return (2 * z).rounded()
                case .missing: return stream.uniform() <= 0.05 ? .nan : z
                default: return z
                }
            })
    }

    /// The true probabilities of a reference's cells, then of a missing value: counting draws of them is the same as
    /// counting events, and much faster. What the reference does not list goes to its last cell; the detection makes no
    /// difference between `other` and `unseen`.
    func shares(on reference: ColumnReference) -> [Double] {
        switch reference.binning {
        case .grid(let edges, _):
            let sums = [0] + edges.map(below) + [1]
            let whole = zip(sums.dropFirst(), sums).map { $0 - $1 }
            return self == .missing ? whole.map { $0 * 0.95 } + [0.05] : whole + [0]
        case .discrete(let values):
            let listed = values.map { below($0.nextUp) - below($0) }
            return listed + [max(0, 1 - listed.reduce(0, +)), 0]
        case .categories(let names):
            let weights = weights
            let total = weights.reduce(0, +)
            let listed = names.map { weights[Int($0.dropFirst()) ?? 0] / total }
            return listed + [0, max(0, 1 - listed.reduce(0, +)), 0]
        }
    }
}

/// A reference of columns of these kinds, and panes of it.
struct NullWorld {
    let kinds: [NullKind]
    let reference: ReferenceProfile
    let encoder: ReferenceEncoder
    private let samplers: [CellSampler]
    private var generator: SeededGenerator
    private var counts: [[Int64]]

    init(kinds: [NullKind], rows: Int, _ stream: inout DriftStream) {
        let values = kinds.map { $0.values(rows, &stream) }
        self.init(kinds: kinds, values: values, &stream)
    }

    /// - Parameter values: of each kind.
    init(kinds: [NullKind], values: [ReferenceBuilder.ColumnValues], _ stream: inout DriftStream) {
        self.kinds = kinds
        reference = ReferenceBuilder.build(
            columns: values.enumerated().map { (name: "column\($0.offset)", values: $0.element) })
        encoder = ReferenceEncoder(reference)
        samplers = zip(kinds, reference.columns).map { CellSampler($0.shares(on: $1)) }
        counts = reference.columns.map { [Int64](repeating: 0, count: $0.cellCount + 1) }
        generator = SeededGenerator(seed: UInt64(stream.uniform() * 0x1p60))
    }

    mutating func pane(rows: Int) -> PaneSummary {
        var summary = PaneSummary(empty: encoder)
        summary.events = Int64(rows)
        for index in kinds.indices {
            for cell in counts[index].indices { counts[index][cell] = 0 }
            samplers[index].add(rows, to: &counts[index], &generator)
            summary.columns[index].counts = Array(counts[index].dropLast())
            summary.columns[index].missing = counts[index][counts[index].count - 1]
        }
        return summary
    }
}
