import Foundation

extension Kolmogorov {
    /// P(D ≤ d) by the expansion of Pelz and Good 1976: K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n^1.5 with z = √n·d, each in
    /// the form that converges for small z.
    static func pelzGood(_ n: Int, _ d: Double) -> Double {
        let root = Double(n).squareRoot()
        let z = root * d
        let (z2, z4) = (z * z, z * z * z * z)
        let (z6, z3) = (z4 * z2, z2 * z)
        let (pi2, pi4) = (Double.pi * Double.pi, Double.pi * Double.pi * Double.pi * Double.pi)
        let pi6 = pi4 * pi2
        let exponent = -pi2 / 8 / z2
        guard exponent > -708 else { return 0 }
        let q = exp(exponent)
        let terms = Int((16 * z / Double.pi).rounded(.up))
        var k = SIMD4<Double>(repeating: 0)
        for index in stride(from: terms, to: 0, by: -1) {
            let m = Double(2 * index - 1)
            let (m2, m4) = (m * m, m * m * m * m)
            k *= pow(q, Double(8 * index))
            let second = 6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * pi2 / 4 * m2 + pi4 * (1 - 2 * z2) / 16 * m4
            let third3 = pi6 * (5 - 30 * z2) / 64 * m4 * m2 + pi4 * (-60 * z2 + 212 * z4) / 16 * m4
            let third1 = pi2 * (135 * z4 - 96 * z6) / 4 * m2 - 30 * z6 - 90 * z6 * z2
            k += SIMD4(1, -z2 + pi2 / 4 * m2, second, third3 + third1)
        }
        k *= q * (2 * Double.pi).squareRoot()
        k /= SIMD4(z, 6 * z4, 72 * z6 * z, 6_480 * z6 * z4)
        let base = exp(-pi2 / 2 / z2)
        var (extra2, extra3) = (0.0, 0.0)
        for index in stride(from: terms, to: 0, by: -1) {
            let square = Double(index * index)
            let power = pow(base, square)
            extra2 += square * power
            extra3 += (3 * z2 - pi2 * square) * square * power
        }
        k[2] -= extra2 * pi2 * (2 * Double.pi).squareRoot() / (36 * z3)
        k[3] += extra3 * pi2 * (2 * Double.pi).squareRoot() / (216 * z6)
        return k[0] + k[1] / root + k[2] / (root * root) + k[3] / (root * root * root)
    }
}
