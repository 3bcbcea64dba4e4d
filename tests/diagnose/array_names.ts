/** Names that courses, books and repositories give to the arrays of such a network. */
import type { StepSymbol } from "../../mod.ts";

/** Names by their symbols, between spaces. */
// deno-fmt-ignore: one line for each quantity
export const ARRAY_NAMES: Readonly<Partial<Record<StepSymbol, string>>> = {
  X: "x X X_batch x_train batch_x xb images imgs img inputs input_data data features a0 A0 self.x layer_0 l0 batch_images train_x",
  labels: "t y Y labels label targets y_train t_batch yb y_true answer digits batch_y gt ground_truth classes train_labels",
  W1: "W1 w1 weights1 self.W1 params['W1'] parameters[\"W1\"] network.params['W1'] fc1.weight 0.weight layers.0.weight model.fc1.weight linear1.weight hidden.weight W_hidden wih weights_input_hidden Theta1 syn0 dense/kernel:0 weights[0] W1_old Wh net.hidden_layer.weight coefs_0",
  b1: "b1 bias1 params['b1'] fc1.bias 0.bias hidden.bias b_hidden bh hidden_bias biases[0] self.b1 dense/bias:0 layers.0.bias intercepts_0",
  W2: "W2 w2 weights2 self.W2 params['W2'] fc2.weight 2.weight output.weight W_out who weights_hidden_output Theta2 syn1 dense_1/kernel:0 weights[1] Wo model.out.weight classifier.weight coefs_1",
  b2: "b2 bias2 params['b2'] fc2.bias 2.bias output.bias b_out bo output_bias biases[1] self.b2 dense_1/bias:0 head.bias intercepts_1",
  η: "lr learning_rate eta alpha my step_size learningRate self.lr LEARNING_RATE rate",
  A1: "a1 z1 Z1 input1 hidden_inputs net_h u1 h_in pre_activation zs[0] cache['Z1'] hidden_pre affine1",
  Y1: "z1 h h1 hidden a1 A1 output1 hidden_out act1 activations[1] cache['A1'] hidden_layer l1 layer_1 H sigmoid_out",
  A2: "a2 z2 Z2 input2 logits scores out output final_inputs u2 zs[1] net_o",
  P: "y p probs softmax y_hat y_pred pred predictions output outputs output_last A2 final_outputs AL softmax_out",
  onehot: "onehot one_hot t_onehot y_onehot labels_onehot T Y_one_hot",
  L: "losses L sample_losses correct_logprobs nll per_sample_loss",
  E: "loss cost J crossE error data_loss L mean_loss cross_entropy train_loss",
  dA2: "dy da2 dZ2 dz2 dscores dlogits delta2 delta3 output_delta delta_b logits.grad error_out dL_dz2 d2 output_errors",
  dW2: "dW2 dw2 grads['W2'] grad_W2 W2_grad fc2.weight.grad 2.weight.grad delta_W2 dL_dW2 Theta2_grad nabla_w[1] d_W2 grads['dW2'] gW2 output.weight.grad",
  db2: "db2 grads['b2'] grad_b2 b2.grad fc2.bias.grad delta_b2 dE_db2 nabla_b[1] dbo d_b2",
  dY1: "da1 dA1 dhidden dh delta_y1 grad_h hidden_error dH l1_error dL_da1",
  dA1: "dz1 dZ1 delta1 delta_a hidden_delta l1_delta d1 delta_hidden dL_dz1 dh_raw",
  dW1: "dW1 dw1 grads['W1'] gradW1 W1_grad fc1.weight.grad 0.weight.grad delta_W1 dL_dW1 Theta1_grad nabla_w[0] dW_hidden self.dW1 grads[\"dW1\"]",
  db1: "db1 grads['b1'] grad_b1 b1.grad fc1.bias.grad delta_b1 nabla_b[0] dbh self.db1",
  "W1'": "W1_after W1_new new_W1 W1_next updated_W1 W1' fc1.weight_after params['W1']_after next_W1 after_W1",
  "b1'": "b1_after b1_new new_b1 b1_updated fc1.bias_after after['b1']",
  "W2'": "W2_after W2_new new_W2 W2_updated fc2.weight_after W2_post",
  "b2'": "b2_after b2_new new_b2 b2_next fc2.bias_after",
};
