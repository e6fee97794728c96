import CBoostMath

/// How much more a mean over a stretch of events varies than it would if the events were independent: bursts and
/// autocorrelation. φ = 1 for independent events, (1 + ρ)/(1 − ρ) for long stretches of an AR(1) series (McCullagh,
/// Nelder 1989, *Generalized Linear Models*, on quasi-likelihood).
public enum OverDispersion {
    /// Fewer stretches than this say nothing about their own spread.
    public static let minimumChunks = 10

    /// φ from consecutive chunks of the reference: the mean of n·(x̄ − μ)²/σ² over stretches of one chunk, of two, of
    /// four … as long as there are ten of them; each mean taken at its upper 90 % confidence bound, the largest counts.
    /// Dependence that reaches over chunks shows only in the longer stretches.
    ///
    /// - Parameters:
    ///   - chunks: sum and count of a score per chunk, in order of time.
    ///   - variance: of a single score in the reference; > 0.
    /// - Returns: at least 1; `nil` with fewer than ten chunks that hold a value.
    public static func estimate(chunks: [(sum: Double, count: Double)], variance: Double) -> Double? {
        var stretches = chunks.filter { $0.count > 0 }
        guard stretches.count >= minimumChunks, variance > 0 else { return nil }
        let total = stretches.reduce(into: (sum: 0.0, count: 0.0)) {
            ($0.sum, $0.count) = ($0.sum + $1.sum, $0.count + $1.count)
        }
        let mean = total.sum / total.count
        var largest = 1.0
        while stretches.count >= minimumChunks {
            let sum = stretches.reduce(0) { sum, chunk in
                let deviation = chunk.sum / chunk.count - mean
                return sum + chunk.count * deviation * deviation / variance
            }
            largest = max(largest, upperBound(sum: sum, degrees: stretches.count - 1))
            stretches = stride(from: 0, to: stretches.count - 1, by: 2).map { index in
                let (a, b) = (stretches[index], stretches[index + 1])
                return (a.sum + b.sum, a.count + b.count)
            }
        }
        return largest
    }

    /// The upper 90 % bound of a variance whose estimate times its degrees is `sum`; nothing is added to what
    /// independence already explains.
    static func upperBound(sum: Double, degrees: Int) -> Double {
        sum / td_chi_squared_quantile(0.1, Double(degrees))
    }
}
