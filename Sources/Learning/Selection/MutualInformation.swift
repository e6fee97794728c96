import Foundation
import Statistics

/// What a column and the target tell about one another, in nats.
///
/// Two discrete variables: the plug-in estimate. A number and a class: Ross 2014 ("Mutual Information between Discrete
/// and Continuous Data Sets"). Two numbers: Kraskov, Stögbauer, Grassberger 2004, first estimator. As in scikit-learn,
/// numbers are brought to unit spread and get a noise of 10⁻¹⁰ that parts equal ones, and negative estimates are 0.
struct MutualInformation {
    static let maximumRows = 10_000

    let neighbors: Int
    let seed: UInt64

    /// Without missing cells on either side; NaN for fewer than two rows.
    func value(_ column: TableColumn, _ target: PreparationTarget) -> Double {
        guard column.count > 1 else { return .nan }
        switch (column.values, target) {
        case (.numeric(let x), .numbers(let y)): return numbers(spread(x, 0), spread(y, 1))
        case (.numeric(let x), .classes(let codes, _)): return ross(spread(x, 0), codes)
        case (_, .numbers(let y)): return ross(spread(y, 1), column.categories().codes)
        case (_, .classes(let codes, _)): return Self.plugIn(column.categories().codes, codes)
        }
    }

    private func spread(_ numbers: [Double], _ stream: UInt64) -> [Double] {
        let width = Moments.of(numbers)?.variance.squareRoot() ?? 0
        let scaled = width > 0 && width.isFinite ? numbers.map { $0 / width } : numbers
        let size = max(1, scaled.reduce(0) { $0 + $1.magnitude } / Double(scaled.count))
        var generator = SplitMix(seed: seed &+ stream)
        return scaled.map { $0 + 1e-10 * size * generator.normal() }
    }

    static func plugIn(_ first: [Int32], _ second: [Int32]) -> Double {
        var pairs: [Int64: Double] = [:]
        var (firsts, seconds): ([Int32: Double], [Int32: Double]) = ([:], [:])
        for (a, b) in zip(first, second) {
            pairs[Int64(a) << 32 | Int64(b), default: 0] += 1
            firsts[a, default: 0] += 1
            seconds[b, default: 0] += 1
        }
        let count = Double(first.count)
        // In a fixed order, since sums of doubles depend on it.
        let sum = pairs.sorted { $0.key < $1.key }.reduce(0.0) { sum, pair in
            let a = firsts[Int32(pair.key >> 32)] ?? 1
            let b = seconds[Int32(truncatingIfNeeded: pair.key)] ?? 1
            return sum + pair.value / count * log(pair.value * count / (a * b))
        }
        return max(0, sum)
    }

    /// ψ(n) + mean ψ(k) − mean ψ(rows of the class) − mean ψ(rows as near as the k-th of the class).
    private func ross(_ x: [Double], _ classes: [Int32]) -> Double {
        var members: [Int32: [Double]] = [:]
        for (number, code) in zip(x, classes) { members[code, default: []].append(number) }
        // A class of one row has no neighbour.
        let groups = members.sorted { $0.key < $1.key }.map { $0.value.sorted() }.filter { $0.count > 1 }
        let all = groups.flatMap(\.self).sorted()
        guard all.count > 1 else { return 0 }
        let digamma = Digamma(upTo: all.count + 1)
        var sum = 0.0
        for group in groups {
            let k = min(neighbors, group.count - 1)
            for place in group.indices {
                let radius = Neighbors.distance(in: group, of: place, k: k)
                let near = Neighbors.count(in: all, around: group[place], radius: Neighbors.below(radius))
                sum += digamma[k] - digamma[group.count] - digamma[near]
            }
        }
        return max(0, digamma[all.count] + sum / Double(all.count))
    }

    /// ψ(n) + ψ(k) − mean ψ(nₓ) − mean ψ(n_y); nₓ and n_y count the row itself.
    private func numbers(_ x: [Double], _ y: [Double]) -> Double {
        let count = x.count
        let k = min(neighbors, count - 1)
        let order = x.indices.sorted { (x[$0], $0) < (x[$1], $1) }
        let sortedX = order.map { x[$0] }
        let besideX = order.map { y[$0] }
        let sortedY = y.sorted()
        let digamma = Digamma(upTo: count + 1)
        var sum = 0.0
        for place in 0..<count {
            let radius = Neighbors.below(Neighbors.distance(sortedX, besideX, of: place, k: k))
            let nearX = Neighbors.count(in: sortedX, around: sortedX[place], radius: radius)
            let nearY = Neighbors.count(in: sortedY, around: besideX[place], radius: radius)
            sum += digamma[nearX] + digamma[nearY]
        }
        return max(0, digamma[count] + digamma[k] - sum / Double(count))
    }
}
