import Foundation
import TidewatchTestKit

/// The kinds of columns on which no test may raise more false alarms than it says.
enum SizeStream: String, CaseIterable {
    case normal
    case logNormal = "log-normal 1.5"
    case studentT = "t, df 2"
    /// Multiples of ½: some fifteen values, one cell each.
    case ties
    /// Two thirds are zero, the rest log-normal: a grid with an atom.
    case zeros = "mostly zero"
    case missing = "5 % missing"
    case categories3 = "3 categories"
    case categories10 = "10 categories"
    case categories50 = "50 categories"
    case categories2000 = "2,000 categories"
    /// No category is common.
    case uniform2000 = "2,000 even"

    static let numeric: [SizeStream] = [.normal, .logNormal, .studentT, .ties, .zeros, .missing]
    static let categorical: [SizeStream] = [.categories3, .categories10, .categories50, .categories2000, .uniform2000]

    /// `count` values; NaN is missing.
    func numbers(_ count: Int, _ stream: inout DriftStream) -> [Double] {
        (0..<count).map { _ in
            switch self {
            case .logNormal: return exp(1.5 * stream.normal())
            case .studentT:
                // The quantile function of t with two degrees of freedom has a closed form.
                let u = min(stream.uniform(), 1 - 0x1p-53)
                return (2 * u - 1) / (2 * u * (1 - u)).squareRoot()
            case .ties: return (stream.normal() * 2).rounded() / 2
            case .zeros: return stream.uniform() < 2.0 / 3 ? 0 : exp(1.5 * stream.normal())
            case .missing: return stream.uniform() < 0.05 ? .nan : stream.normal()
            default: return stream.normal()
            }
        }
    }

    /// The cumulative weights of the categories: even for 3 and 10, falling as 1/rank for 50 and 2,000.
    var cumulativeWeights: [Double] {
        let weights: [Double] =
            switch self {
            case .categories3: [1, 1, 1]
            case .categories10: Array(repeating: 1, count: 10)
            case .categories50: (1...50).map { 1 / Double($0) }
            case .uniform2000: Array(repeating: 1, count: 2_000)
            default: (1...2_000).map { 1 / Double($0) }
            }
        let total = weights.reduce(0, +)
        var sum = 0.0
        return weights.map { weight in
            sum += weight / total
            return sum
        }
    }

    /// How often each category occurs among `count` draws.
    static func counts(_ count: Int, cumulative: [Double], _ stream: inout DriftStream) -> [Int64] {
        var counts = [Int64](repeating: 0, count: cumulative.count)
        for _ in 0..<count {
            let u = stream.uniform()
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] < u { low = middle + 1 } else { high = middle }
            }
            counts[low] += 1
        }
        return counts
    }
}
