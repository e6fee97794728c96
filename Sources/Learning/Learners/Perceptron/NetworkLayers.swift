import Statistics

/// What the layers of a perceptron compute, on matrices of rows × width; "gradients" are those of the loss.
enum LinearLayer {
    /// output = input · weightsᵀ + biases, if there are any.
    static func forward(
        _ input: UnsafePointer<Float>, rows: Int, _ layer: NetworkShape.Layer, parameters: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        if let biases = layer.biases {
            for row in 0..<rows {
                (output + row * layer.outputs).update(from: parameters + biases, count: layer.outputs)
            }
        }
        MatrixProduct.add(
            input, parameters + layer.weights, to: output, rows: rows, columns: layer.outputs, depth: layer.inputs,
            transposed: .second, kept: layer.biases == nil ? 0 : 1)
    }

    /// The gradients of weights, biases and, if wanted, of the input.
    static func backward(
        _ gradient: UnsafePointer<Float>, rows: Int, _ layer: NetworkShape.Layer, input: UnsafePointer<Float>,
        parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>?
    ) {
        MatrixProduct.add(
            gradient, input, to: gradients + layer.weights, rows: layer.outputs, columns: layer.inputs, depth: rows,
            transposed: .first)
        if let biases = layer.biases {
            ColumnSums.add(gradient, rows: rows, width: layer.outputs, to: gradients + biases)
        }
        guard let inputGradient else { return }
        MatrixProduct.add(
            gradient, parameters + layer.weights, to: inputGradient, rows: rows, columns: layer.inputs,
            depth: layer.outputs)
    }
}

/// ReLU, and in training dropout behind it: what is kept is divided by the share kept.
enum Activation {
    static func forward(_ values: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { values[index] = values[index] > 0 ? values[index] : 0 }
    }

    /// - Parameter dropout: the share set to 0.
    static func drop(_ values: UnsafeMutablePointer<Float>, count: Int, dropout: Double, _ generator: inout SplitMix) {
        let scale = Float(1 / (1 - dropout))
        let threshold = UInt32(dropout * 0x1p32)
        var index = 0
        while index < count {
            let drawn = generator.next()
            values[index] = UInt32(truncatingIfNeeded: drawn) >= threshold ? values[index] * scale : 0
            if index + 1 < count {
                values[index + 1] = UInt32(drawn >> 32) >= threshold ? values[index + 1] * scale : 0
            }
            index += 2
        }
    }

    /// In place: only what came through has a gradient.
    static func backward(
        _ gradient: UnsafeMutablePointer<Float>, output: UnsafePointer<Float>, count: Int, dropout: Double
    ) {
        let scale = Float(1 / (1 - dropout))
        for index in 0..<count { gradient[index] = output[index] > 0 ? gradient[index] * scale : 0 }
    }
}

/// Rows of learned numbers that stand for categories.
enum EmbeddingLayer {
    /// - Parameters:
    ///   - codes: one per row, `stride` apart.
    ///   - output: the embedding's place in the first row, rows `width` apart.
    static func forward(
        _ codes: UnsafePointer<Int32>, rows: Int, stride: Int, table: UnsafePointer<Float>, size: Int,
        output: UnsafeMutablePointer<Float>, width: Int
    ) {
        for row in 0..<rows {
            (output + row * width).update(from: table + Int(codes[row * stride]) * size, count: size)
        }
    }

    static func backward(
        _ codes: UnsafePointer<Int32>, rows: Int, stride: Int, gradient: UnsafePointer<Float>, width: Int, size: Int,
        tableGradient: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let target = tableGradient + Int(codes[row * stride]) * size
            let source = gradient + row * width
            for index in 0..<size { target[index] += source[index] }
        }
    }
}

enum ColumnSums {
    static func add(
        _ matrix: UnsafePointer<Float>, rows: Int, width: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let line = matrix + row * width
            for column in 0..<width { sums[column] += line[column] }
        }
    }
}
