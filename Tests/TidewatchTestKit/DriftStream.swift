import Foundation

/// Seeded values whose distribution may change at a known place: the same stream for the same seed, everywhere.
public struct DriftStream: Sendable {
    private var generator: SeededGenerator

    public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Uniform on (0, 1], so that its logarithm exists.
    public mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator).nextUp }

    /// One normal value (Box–Muller).
    public mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
        let radius = (-2 * log(uniform())).squareRoot()
        return mean + deviation * radius * cos(2 * .pi * uniform())
    }

    /// `count` normal values; those from index `position` on have their mean moved by `shift` deviations.
    public mutating func normals(
        _ count: Int, mean: Double = 0, deviation: Double = 1, shift: Double = 0, from position: Int = 0
    ) -> [Double] {
        (0..<count).map { normal(mean: mean + ($0 >= position ? shift * deviation : 0), deviation: deviation) }
    }

    /// `count` log-normal values: a heavy right tail. `shift` moves the logarithm from index `position` on.
    public mutating func logNormals(_ count: Int, shift: Double = 0, from position: Int = 0) -> [Double] {
        normals(count, shift: shift, from: position).map { exp($0) }
    }

    /// `count` categories `c0`, `c1`, …, drawn with the weights, from index `position` on with the `later` ones.
    public mutating func categories(
        _ count: Int, weights: [Double], later: [Double]? = nil, from position: Int = 0
    ) -> [String] {
        (0..<count).map { index in
            let current = index >= position ? later ?? weights : weights
            var rest = uniform() * current.reduce(0, +)
            let chosen = current.firstIndex { weight in
                rest -= weight
                return rest < 0
            }
            return "c\(chosen ?? current.count - 1)"
        }
    }
}
