import Foundation

extension Kolmogorov {
    /// P(D ≤ d) by Durbin's matrix (Marsaglia, Tsang, Wang 2003): n!/nⁿ times an element of Hⁿ, with H of order
    /// 2⌈nd⌉ − 1. For small n·d.
    static func durbin(_ n: Int, _ d: Double) -> Double {
        let scaled = Double(n) * d
        let k = Int(scaled.rounded(.up))
        var power = SquareMatrix(durbin: k, rest: Double(k) - scaled)
        var result = SquareMatrix(identity: power.order)
        var exponent = 0
        var powerExponent = 0
        var rest = n
        while rest > 0 {
            if rest % 2 == 1 {
                result = result.multiplied(by: power)
                exponent += powerExponent
            }
            rest /= 2
            guard rest > 0 else { break }
            power = power.multiplied(by: power)
            powerExponent *= 2
            if power[k - 1, k - 1].magnitude > 0x1p128 {
                power.scale(by: 0x1p-128)
                powerExponent += 128
            }
        }
        var probability = result[k - 1, k - 1]
        for i in 1...n {
            probability *= Double(i) / Double(n)
            if probability.magnitude < 0x1p-128 {
                probability *= 0x1p128
                exponent -= 128
            }
        }
        return min(1, max(0, scalbn(probability, exponent)))
    }
}

/// Row-major.
private struct SquareMatrix {
    let order: Int
    private var elements: [Double]

    init(identity order: Int) {
        self.order = order
        elements = (0..<(order * order)).map { $0 % (order + 1) == 0 ? 1 : 0 }
    }

    /// H of Marsaglia, Tsang and Wang, for d = (k − h)/n.
    init(durbin k: Int, rest h: Double) {
        let order = 2 * k - 1
        var inverseFactorials = [1.0]
        for j in 1...order { inverseFactorials.append(inverseFactorials[j - 1] / Double(j)) }
        var edge = (1...order).map { (1 - pow(h, Double($0))) * inverseFactorials[$0] }
        let corner = pow(max(2 * h - 1, 0), Double(order)) - 2 * pow(h, Double(order))
        edge[order - 1] = (1 + corner) * inverseFactorials[order]
        self.order = order
        elements = Array(repeating: 0, count: order * order)
        for row in 0..<order {
            elements[row * order] = edge[row]
            for column in 1..<max(1, order) where row - column + 1 >= 0 {
                elements[row * order + column] = inverseFactorials[row - column + 1]
            }
        }
        for column in 0..<order { elements[(order - 1) * order + column] = edge[order - 1 - column] }
    }

    subscript(row: Int, column: Int) -> Double { elements[row * order + column] }

    mutating func scale(by factor: Double) {
        for index in elements.indices { elements[index] *= factor }
    }

    func multiplied(by other: SquareMatrix) -> SquareMatrix {
        var product = self
        for row in 0..<order {
            for column in 0..<order {
                var sum = 0.0
                for index in 0..<order { sum += self[row, index] * other[index, column] }
                product.elements[row * order + column] = sum
            }
        }
        return product
    }
}
